import { seconds } from "@castle/regions/duration.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { connectDatabase } from "../kernel/database/connect.ts";
import { connectOwnDatabase } from "../kernel/database/own-database.ts";
import { serveInternal } from "../kernel/health/internal-server.ts";
import { runService } from "../kernel/lifecycle.ts";
import { connectRedis } from "../kernel/redis.ts";
import { RoleWatch } from "../kernel/role/role-watch.ts";
import { SparseLog } from "../kernel/sparse-log.ts";
import { StandbyProgressReporter } from "./authority/standby-progress-reporter.ts";
import { Engine } from "./engine.ts";
import { Announcer } from "./projection/announcer.ts";
import { engineReadiness } from "./readiness.ts";

await runService(async ({ config, log }) => {
  // What keeps the role waits behind no request: a pool each.
  const db = connectOwnDatabase(config, { name: config.instance, max: 4 });
  const queries = connectOwnDatabase(config, { name: `${config.instance} queries`, max: 2 });
  const ownJournal = connectDatabase(config.journalUrl, { name: config.instance, max: 1 });
  const witness = new DynamoWitness({ ...config.witness, timeout: seconds(1) });
  const roles = new RoleWatch({ db, region: config.region, log });
  const standbyProgress = new StandbyProgressReporter({ db, journal: ownJournal, log });
  await roles.start();
  const redis = connectRedis(config.redisUrl, "producer");
  const announcer = new Announcer(redis, new SparseLog(log));
  const engine = await Engine.start({
    ...{ config, db, queries, roles, witness, log },
    onProjected: (chunk) => announcer.projected(chunk),
  });
  const internal = await serveInternal({
    config,
    log,
    ready: () => engineReadiness(db, engine),
    active: () => engine.check(),
  });
  standbyProgress.start();
  return {
    stop: async () => {
      await engine.stop();
      roles.stop();
      await Promise.all([standbyProgress.stop(), internal.close()]);
      await announcer.close();
      redis.disconnect();
      await Promise.all([db.destroy(), queries.destroy(), ownJournal.destroy()]);
    },
  };
});
