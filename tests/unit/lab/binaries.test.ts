import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  POSTGRES_PROGRAMS,
  postgresPrograms,
  redisServer,
  ServerMissing,
} from "@castle/lab/servers/binaries.ts";
import { expect } from "chai";

describe("finding the servers", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "castle-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function install(name: string, programs: readonly string[], version = "PostgreSQL) 15.14 (Debian"): string {
    const bin = join(folder, name);
    mkdirSync(bin, { recursive: true });
    for (const program of programs) {
      writeFileSync(join(bin, program), `#!/bin/sh\necho '${program} (${version})'\n`);
      chmodSync(join(bin, program), 0o755);
    }
    return bin;
  }

  it("takes all of PostgreSQL's programs from one folder", () => {
    const bin = install("15/bin", POSTGRES_PROGRAMS);
    const partial = install("on-path", ["postgres", "initdb"]);
    const programs = postgresPrograms({ path: partial, postgresFolders: [bin] });
    expect(programs("pg_rewind")).to.equal(join(bin, "pg_rewind"));
    expect(programs("postgres")).to.equal(join(bin, "postgres"));
  });

  it("prefers the PATH", () => {
    const onPath = install("on-path", POSTGRES_PROGRAMS);
    const other = install("15/bin", POSTGRES_PROGRAMS);
    const programs = postgresPrograms({ path: `/nowhere:${onPath}`, postgresFolders: [other] });
    expect(programs("initdb")).to.equal(join(onPath, "initdb"));
  });

  it("says what to install when PostgreSQL is missing", () => {
    expect(() => postgresPrograms({ path: folder, postgresFolders: [] })).to.throw(
      ServerMissing,
      /pg_rewind.*make setup.*apt-get install postgresql.*dnf.*brew install postgresql@/,
    );
  });

  it("refuses a version that is too old, naming it", () => {
    const old = install("11/bin", POSTGRES_PROGRAMS, "PostgreSQL) 11.22 (Debian");
    expect(() => postgresPrograms({ path: "", postgresFolders: [old] })).to.throw(
      ServerMissing,
      /11\.22.*needs 13 or newer/,
    );
  });

  it("says what to install when Redis is missing", () => {
    expect(() => redisServer({ path: folder, postgresFolders: [] })).to.throw(
      ServerMissing,
      /redis-server.*apt-get install redis-server/,
    );
  });

  it("finds Redis on the PATH", () => {
    const bin = install("redis", ["redis-server"]);
    expect(redisServer({ path: bin, postgresFolders: [] })).to.equal(join(bin, "redis-server"));
  });
});
