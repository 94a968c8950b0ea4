import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { cacheFacts } from "@castle/dr-runbooks/readiness/probe-cache.ts";
import { PortBlock } from "@castle/lab/ports.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { ConnectionLost, PipelinedConnection } from "@castle/services/kernel/database/pipelined.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import { expect } from "chai";
import { type CellServers, startCellServers } from "../support/servers.ts";
import { rejection } from "./support/rejection.ts";

/** Says for whom it stands, and vouches for itself. */
function certificate(folder: string, name: string, host: string): { certificate: string; key: string } {
  const paths = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  execFileSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ],
      ...["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`],
      ...["-keyout", paths.key, "-out", paths.certificate],
    ],
    { stdio: "ignore" },
  );
  return paths;
}

describe("servers reached over TLS, as on AWS", () => {
  let servers: CellServers;
  let ports: PortBlock;
  let folder: string;
  let own: { certificate: string; key: string };
  let other: { certificate: string; key: string };
  let cachePort = 0;

  before(async function () {
    if (spawnSync("openssl", ["version"]).status !== 0) {
      process.stderr.write("skipped: openssl, which makes the certificates, is not on the PATH\n");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "castle-tls-"));
    own = certificate(folder, "own", "localhost");
    other = certificate(folder, "other", "localhost");
    [servers, ports] = await Promise.all([startCellServers(), PortBlock.claim()]);
    cachePort = await ports.take();
    await presentCertificate();
  });
  after(async () => {
    await servers?.stop();
    await ports?.release();
    if (folder) rmSync(folder, { recursive: true });
  });

  /** The files are written by the server itself: they have to be its own. The cache runs as the same user. */
  async function presentCertificate(): Promise<void> {
    const { database, redis } = servers;
    for (const [name, path] of Object.entries({ "server.crt": own.certificate, "server.key": own.key }))
      await database.query(
        `copy (select '${readFileSync(path).toString("base64")}') to program 'base64 -d > ${name} && chmod 600 ${name}'`,
        [],
        { database: "postgres" },
      );
    for (const sql of ["alter system set ssl = on", "select pg_reload_conf()"])
      await database.query(sql, [], { database: "postgres" });
    const [row] = await database.query<{ data_directory: string }>("show data_directory", [], {
      database: "postgres",
    });
    const data = row?.data_directory ?? "";
    const settings = connectRedis(redis.url, "worker");
    const wanted = {
      ...{ "tls-auth-clients": "no", "tls-port": String(cachePort) },
      ...{ "tls-cert-file": join(data, "server.crt"), "tls-key-file": join(data, "server.key") },
      "tls-ca-cert-file": join(data, "server.crt"),
    };
    await settings.call("CONFIG", "SET", ...Object.entries(wanted).flat());
    settings.disconnect();
  }

  /** The URL as a target on AWS has it. */
  function urlOf(server: { url(database: string): string }, host: string, authority: string): string {
    const url = new URL(server.url("postgres"));
    url.hostname = host;
    url.search = new URLSearchParams({ sslmode: "verify-full", sslrootcert: authority }).toString();
    return url.toString();
  }

  async function encrypted(url: string): Promise<boolean> {
    const knex = connectDatabase(url, { name: "tls", max: 1 });
    try {
      const { rows } = await knex.raw<{ rows: { ssl: boolean }[] }>(
        "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
      );
      return rows[0]?.ssl === true;
    } finally {
      await knex.destroy();
    }
  }

  it("a database that its authority vouches for is asked, encrypted", async () => {
    expect(await encrypted(urlOf(servers.database, "localhost", own.certificate))).to.equal(true);
  });

  it("a database that another authority vouches for is not", async () => {
    const error = await rejection(encrypted(urlOf(servers.database, "localhost", other.certificate)));
    expect(String(error)).to.match(/self-signed certificate|unable to verify/);
  });

  it("a database under another name than its certificate's is not", async () => {
    const error = await rejection(encrypted(urlOf(servers.database, "127.0.0.1", own.certificate)));
    expect(String(error)).to.match(/does not match certificate's altnames/);
  });

  it("a database without TLS is not", async () => {
    const error = await rejection(encrypted(urlOf(servers.journal, "localhost", own.certificate)));
    expect(String(error)).to.match(/does not support SSL/);
  });

  describe("a line of a hot path", () => {
    const opened = (host: string, authority: string): Promise<PipelinedConnection> =>
      PipelinedConnection.open(urlOf(servers.database, host, authority), {
        name: "tls",
        onLost: () => undefined,
      });
    const isEncrypted = {
      name: "is-encrypted",
      text: "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
    };

    it("sends together and in order what it is given, encrypted", async () => {
      const line = await opened("localhost", own.certificate);
      try {
        const number = { name: "number", text: "select $1::int as n" };
        const rows = await line.together(() =>
          Promise.all([line.run(isEncrypted), line.run(number, [1]), line.run(number, [2])]),
        );
        expect(rows).to.deep.equal([[{ ssl: true }], [{ n: 1 }], [{ n: 2 }]]);
      } finally {
        await line.close();
      }
    });

    it("fails what is under way at once when it is given up", async () => {
      const line = await opened("localhost", own.certificate);
      const underWay = rejection(line.run({ name: "long", text: "select pg_sleep(3600)" }));
      line.destroy("given up");
      expect(await underWay).to.be.instanceOf(ConnectionLost);
    });

    it("is not opened to a database that another authority vouches for", async () => {
      const error = await rejection(opened("localhost", other.certificate));
      expect(String(error)).to.match(/self-signed certificate|unable to verify/);
    });

    it("is not opened to a database under another name than its certificate's", async () => {
      const error = await rejection(opened("127.0.0.1", own.certificate));
      expect(String(error)).to.match(/does not match certificate's altnames/);
    });
  });

  describe("a cache", () => {
    const facts = async (host = "localhost") => {
      const url = new URL(servers.redis.url.replace("redis:", "rediss:"));
      url.hostname = host;
      url.port = String(cachePort);
      const redis = connectRedis(url.toString(), "producer");
      try {
        return await cacheFacts(redis);
      } finally {
        redis.disconnect();
      }
    };

    it("that nobody vouches for is not asked", async () => {
      expect(String(await rejection(facts()))).to.match(/self-signed certificate/);
    });

    it("that an authority of the system vouches for is", async () => {
      const system = getCACertificates("default");
      setDefaultCACertificates([...system, readFileSync(own.certificate, "utf8")]);
      try {
        expect(await facts()).to.include({ role: "master" });
      } finally {
        setDefaultCACertificates(system);
      }
    });

    it("under another name than its certificate's is not, whoever vouches for it", async () => {
      const system = getCACertificates("default");
      setDefaultCACertificates([...system, readFileSync(own.certificate, "utf8")]);
      try {
        expect(String(await rejection(facts("127.0.0.1")))).to.match(/does not match certificate's altnames/);
      } finally {
        setDefaultCACertificates(system);
      }
    });
  });
});
