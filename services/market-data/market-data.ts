import type { Witness } from "@castle/regions/witness/witness.ts";
import type { CellConfig } from "../kernel/config.ts";
import { connectOwnDatabase } from "../kernel/database/own-database.ts";
import { EngineClient } from "../kernel/engine-line/engine-client.ts";
import { serveInternal } from "../kernel/health/internal-server.ts";
import type { Logger } from "../kernel/log.ts";
import { connectRedis } from "../kernel/redis.ts";
import { RoleWatch } from "../kernel/role/role-watch.ts";
import { Broadcast } from "./broadcast.ts";
import { Candles } from "./candles/candles.ts";
import { OutcomeFeed } from "./feed/outcome-feed.ts";
import { metrics } from "./metrics.ts";
import { Audience } from "./sockets/audience.ts";
import { type ConnectionLimits, standardLimits } from "./sockets/connection.ts";
import { StreamServer } from "./sockets/stream-server.ts";
import { Standing } from "./standing.ts";
import { streamNames } from "./wire/stream-name.ts";

const DEPTH_EVERY_MS = 100;

export interface MarketDataOptions {
  readonly config: CellConfig;
  readonly log: Logger;
  readonly witness: Witness;
  readonly limits?: Partial<ConnectionLimits>;
}

/** The service: as long as its cell is active, it publishes what the engine has applied, and builds candles of it. */
export async function startMarketData(
  options: MarketDataOptions,
): Promise<{ readonly port: number; readonly internalPort: number; stop(): Promise<void> }> {
  const { config, log, witness } = options;
  if (config.port === null)
    throw new Error("CASTLE_PORT is not set; market-data needs a port on which traders reach it");
  const symbols = config.symbols.map((symbol) => symbol.name);
  // The role is watched on a line of its own: it waits behind no reading.
  const roleDb = connectOwnDatabase(config, { name: `${config.instance} role`, max: 1 });
  const db = connectOwnDatabase(config, { name: config.instance, max: 3 });
  const roles = new RoleWatch({ db: roleDb, region: config.region, log });
  const engine = new EngineClient({ config, roles, log });
  const redis = connectRedis(config.redisUrl, "worker");
  const candles = new Candles({ db, redis, region: config.region, symbols, log });
  const standing = new Standing({ roles, witness, region: config.region, log });

  const audience = new Audience();
  const broadcast = new Broadcast(audience);
  const server = new StreamServer({
    ...{ host: config.host, port: config.port, audience, log },
    readName: streamNames({ symbols, sealKey: config.sealKey }),
    limits: { ...standardLimits, ...options.limits },
    refusal: () => refusalOf(standing, feed),
  });
  const feed = new OutcomeFeed({
    ...{ db, engine, streams: symbols, log },
    onOpen: (positions) => broadcast.begin(positions),
    onOutcome: (outcome) => broadcast.tell(outcome),
    onBroken: (because) => {
      log.error({ because }, "starting over from what the database holds");
      server.closeAll("starting over: connect again and take a new snapshot");
      follow();
    },
    onRepair: (cause) => metrics.repairs.inc({ cause }),
  });

  /** Brings feed and connections to what the cell's standing says. */
  const follow = (): void => {
    const { current } = standing;
    candles.follow(current.active ? current.epoch : null);
    if (!current.active) {
      feed.close();
      server.closeAll(`this cell is not active: ${current.because}`);
    } else feed.open();
  };
  const describe = () => ({ ...standing.current, following: feed.isOpen, engine: engine.isOpen });
  const databaseAnswers = () =>
    db.raw("select 1").then(
      () => true,
      () => false,
    );

  standing.on("change", follow);
  await roles.start();
  follow();
  const depthTimer = setInterval(() => broadcast.tellDepth(), DEPTH_EVERY_MS);
  const port = await server.listen();
  const internal = await serveInternal({
    ...{ config, log },
    ready: async () => ({ ok: await databaseAnswers(), detail: describe() }),
    active: () => ({ ok: isOpen(standing) && feed.isOpen, detail: describe() }),
  });
  return {
    port,
    internalPort: internal.port,
    stop: async () => {
      clearInterval(depthTimer);
      roles.stop();
      await standing.stop();
      feed.close();
      await Promise.all([server.stop(), internal.close()]);
      engine.close();
      await candles.close();
      redis.disconnect();
      await Promise.all([db.destroy(), roleDb.destroy()]);
    },
  };
}

const isOpen = ({ current }: Standing): boolean => current.active && current.gate !== "closed";

function refusalOf({ current }: Standing, feed: OutcomeFeed): string | null {
  if (!current.active) return `this cell is not active: ${current.because}`;
  return feed.isOpen ? null : "this cell does not follow its engines yet";
}
