import { Host } from "@castle/lab/processes/host.ts";
import type { PostgresServer } from "@castle/lab/servers/postgres.ts";
import { expect } from "chai";
import { startServer } from "./support/one-server.ts";

describe("the lab's questions to a PostgreSQL", function () {
  this.timeout(60_000);
  let host: Host;
  let server: PostgresServer;
  let release: () => Promise<void>;
  before(async () => {
    host = new Host();
    const started = await startServer(host);
    server = started.server;
    release = () => started.ports.release();
  });
  after(async () => {
    await host.close();
    await release();
  });

  const backend = async (): Promise<number> => {
    const [row] = await server.query<{ pid: number }>("select pg_backend_pid() as pid");
    return row?.pid ?? 0;
  };

  it("go over one connection, one after the other", async () => {
    expect(await backend()).to.equal(await backend());
  });

  it("go over connections of their own at the same time", async () => {
    const ask = () => server.query<{ pid: number }>("select pg_backend_pid() as pid, pg_sleep(0.3)");
    const [[one], [other]] = await Promise.all([ask(), ask()]);
    expect(one?.pid).to.not.equal(other?.pid);
  });

  it("never go over one that failed", async () => {
    const failed = await server
      .query("select 1 / (pg_backend_pid() - pg_backend_pid())")
      .catch((error: Error) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(await backend()).to.be.greaterThan(0);
  });

  it("reach the server again once it was stopped and started", async () => {
    await backend();
    await server.stop();
    await server.start();
    expect(await backend()).to.be.greaterThan(0);
  });

  it("have their own limits of time, also over a connection that is kept", async () => {
    await backend();
    const late = await server
      .query("select pg_sleep(5)", [], { withinMs: 100 })
      .catch((error: Error) => error);
    expect(late).to.be.instanceOf(Error);
  });
});
