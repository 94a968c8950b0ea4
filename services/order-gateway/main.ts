import { seconds } from "@castle/regions/duration.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { connectOwnDatabase } from "@castle/services/kernel/database/own-database.ts";
import { WALLET_STREAM } from "@castle/services/kernel/domain/command.ts";
import { DoorbellSeal } from "@castle/services/kernel/doorbell-seal.ts";
import { serveInternal } from "@castle/services/kernel/health/internal-server.ts";
import { runService } from "@castle/services/kernel/lifecycle.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import { RoleWatch } from "@castle/services/kernel/role/role-watch.ts";
import { Acceptance } from "./accept.ts";
import { Acceptor } from "./acceptance/acceptor.ts";
import { AccountDirectory } from "./accounts/directory.ts";
import { GatewayRole } from "./authority/gateway-role.ts";
import { StandbyCare } from "./authority/standby-care.ts";
import { Doorbells } from "./doorbells.ts";
import { createApp } from "./http/app.ts";
import { PublicServer } from "./http/public-server.ts";
import { OutcomeFeed } from "./outcome-feed.ts";
import { mountWalletCommands } from "./wallet/wallet-commands.ts";

await runService(async ({ config, log }) => {
  const db = connectOwnDatabase(config, { name: config.instance, max: 6 });
  const ownJournal = connectDatabase(config.journalUrl, { name: config.instance, max: 1 });
  const producer = connectRedis(config.redisUrl, "producer");
  const subscriber = connectRedis(config.redisUrl, "subscriber");
  const witness = new DynamoWitness({ ...config.witness, timeout: seconds(1) });
  const doorbells = new Doorbells(producer, new DoorbellSeal(config.sealKey));
  const acceptor = new Acceptor({ databaseUrl: config.databaseUrl, name: config.instance, log });
  const streams = [WALLET_STREAM, ...config.symbols.map((symbol) => symbol.name)];
  const outcomes = new OutcomeFeed({ db, subscriber, streams, log });
  const standbyCare = new StandbyCare({ db, journal: ownJournal, log });

  const roles = new RoleWatch({ db, region: config.region, log });
  const role = new GatewayRole({
    config,
    db,
    witness,
    log,
    roles,
    ring: (stream, epoch, upTo) => doorbells.ring(stream, epoch, upTo),
    onActive: () => outcomes.listen(true),
    onStandby: () => {
      outcomes.listen(false);
      server?.disconnectClients();
    },
  });
  const acceptance = new Acceptance(acceptor, () => role.reign);
  const accounts = new AccountDirectory(db, config.sealKey);

  let server: PublicServer | null = null;
  server = await PublicServer.listen(
    createApp({ config, db, role, acceptance, accounts, outcomes, log }),
    config,
  );
  const internal = await serveInternal({
    config,
    log,
    ready: async () => {
      const detail = { database: await answers(() => db.raw("select 1")), redis: producer.status };
      return { ok: detail.database === "ready", detail };
    },
    active: () => role.check(),
    routes: (router) => mountWalletCommands(router, acceptance, config.sealKey),
  });
  await roles.start();
  standbyCare.start();

  return {
    stop: async () => {
      await server.close();
      roles.stop();
      await Promise.all([role.stop(), standbyCare.stop(), internal.close()]);
      outcomes.close();
      await doorbells.close();
      producer.disconnect();
      subscriber.disconnect();
      await Promise.all([acceptor.close(), db.destroy(), ownJournal.destroy()]);
    },
  };
});

function answers(ask: () => PromiseLike<unknown>): Promise<string> {
  return Promise.resolve(ask()).then(
    () => "ready",
    (error: Error) => error.message,
  );
}
