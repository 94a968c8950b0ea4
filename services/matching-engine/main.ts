import { connectOwnDatabase } from "../kernel/database/own-database.ts";
import { WALLET_STREAM } from "../kernel/domain/command.ts";
import { DoorbellSeal } from "../kernel/doorbell-seal.ts";
import { serveInternal } from "../kernel/health/internal-server.ts";
import { runService } from "../kernel/lifecycle.ts";
import { connectRedis } from "../kernel/redis.ts";
import { RoleWatch } from "../kernel/role/role-watch.ts";
import { Engine } from "./engine.ts";
import { databaseAnswers } from "./readiness.ts";

await runService(async ({ config, log }) => {
  const streams = [WALLET_STREAM, ...config.symbols.map((symbol) => symbol.name)];
  // One to watch the role, one for health; each stream has its own.
  const db = connectOwnDatabase(config, { name: config.instance, max: 2 });
  const workerRedis = connectRedis(config.redisUrl, "worker");
  const producerRedis = connectRedis(config.redisUrl, "producer");
  const watch = new RoleWatch({ db, region: config.region, log });
  await watch.start();
  const engine = new Engine({
    databaseUrl: config.databaseUrl,
    name: config.instance,
    watch,
    region: config.region,
    streams,
    workerRedis,
    producerRedis,
    seal: new DoorbellSeal(config.sealKey),
    log,
  });
  const internal = await serveInternal({
    config,
    log,
    ready: () => databaseAnswers(db),
    active: () => engine.check(),
  });
  return {
    stop: async () => {
      watch.stop();
      await engine.stop();
      await internal.close();
      workerRedis.disconnect();
      producerRedis.disconnect();
      await db.destroy();
    },
  };
});
