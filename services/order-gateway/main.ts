import { connectOwnDatabase } from "@castle/services/kernel/database/own-database.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import { EngineClient } from "@castle/services/kernel/engine-line/engine-client.ts";
import { serveInternal } from "@castle/services/kernel/health/internal-server.ts";
import { runService } from "@castle/services/kernel/lifecycle.ts";
import { RoleWatch } from "@castle/services/kernel/role/role-watch.ts";
import { Acceptance } from "./accept.ts";
import { AccountDirectory } from "./accounts/directory.ts";
import { CellAuthority } from "./cell-authority.ts";
import { EngineRequests } from "./engine/engine-requests.ts";
import { createApp } from "./http/app.ts";
import { PublicServer } from "./http/public-server.ts";
import { select } from "./queries/read.ts";
import { mountWalletCommands } from "./wallet/wallet-commands.ts";

await runService(async ({ config, log }) => {
  // The role is watched on a line of its own: it waits behind no request.
  const roleDb = connectOwnDatabase(config, { name: `${config.instance} role`, max: 1 });
  const db = connectOwnDatabase(config, { name: config.instance, max: 6 });
  const roles = new RoleWatch({ db: roleDb, region: config.region, log });
  const client = new EngineClient({ config, roles, log });
  const engine = new EngineRequests(client);
  const authority = new CellAuthority(client, () => server?.disconnectClients());
  const acceptance = new Acceptance(engine, async (stream, seq) => {
    const sql = "select body from outcome where stream = :stream and seq = :seq";
    const [row] = await select<{ body: string }>(db, sql, { stream, seq });
    return row ? (JSON.parse(row.body) as Outcome) : null;
  });
  const accounts = new AccountDirectory(db, engine, config.sealKey);

  let server: PublicServer | null = null;
  server = await PublicServer.listen(
    createApp({ config, db, authority, engine, acceptance, accounts, log }),
    config,
  );
  const internal = await serveInternal({
    config,
    log,
    ready: async () => {
      const database = await answers(() => db.raw("select 1"));
      return { ok: database === "ready", detail: { database, engine: client.isOpen } };
    },
    active: () => authority.check(),
    routes: (router) => mountWalletCommands(router, acceptance, config.sealKey),
  });
  await roles.start();

  return {
    stop: async () => {
      await server.close();
      roles.stop();
      engine.close();
      client.close();
      await internal.close();
      await Promise.all([db.destroy(), roleDb.destroy()]);
    },
  };
});

function answers(ask: () => PromiseLike<unknown>): Promise<string> {
  return Promise.resolve(ask()).then(
    () => "ready",
    (error: Error) => error.message,
  );
}
