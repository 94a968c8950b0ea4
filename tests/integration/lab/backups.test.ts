import { backupFolder } from "@castle/lab/cells/lab-backups.ts";
import type { PortBlock } from "@castle/lab/ports.ts";
import { Host } from "@castle/lab/processes/host.ts";
import { postgresPrograms } from "@castle/lab/servers/binaries.ts";
import { PostgresServer } from "@castle/lab/servers/postgres.ts";
import type { PostgresAccess } from "@castle/lab/servers/postgres-access.ts";
import { expect } from "chai";
import { startServer } from "./support/one-server.ts";

describe("a snapshot in the lab", () => {
  let host: Host;
  let server: PostgresServer;
  let ports: PortBlock;
  let access: PostgresAccess;
  before(async () => {
    host = new Host();
    ({ server, ports, access } = await startServer(host));
  });
  after(async () => {
    await host.close();
    await ports.release();
  });

  it("is restored by a server that starts on it: with what was written before it, and nothing since", async () => {
    await server.query("create table kept as select 1 as n");
    const folder = backupFolder(host, "eu-west-1", "rds:castle-eu-west-1-2026-01-01-00-00");
    await server.backUpInto(folder);
    await server.query("insert into kept values (2)");

    const restored = new PostgresServer({
      ...{ host, folder, access, name: "restored", port: await ports.take(), log: `${folder}.log` },
      programs: postgresPrograms(),
    });
    await restored.start();
    expect(await restored.inRecovery()).to.equal(false);
    expect(await restored.query("select n from kept")).to.deep.equal([{ n: 1 }]);
    await restored.stop();
  });
});
