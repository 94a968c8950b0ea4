import type { Witness } from "@castle/regions/witness/witness.ts";
import type { CellConfig } from "../kernel/config.ts";
import { connectOwnDatabase } from "../kernel/database/own-database.ts";
import { serveInternal } from "../kernel/health/internal-server.ts";
import type { Logger } from "../kernel/log.ts";
import { connectRedis } from "../kernel/redis.ts";
import { RoleWatch } from "../kernel/role/role-watch.ts";
import { Broadcast } from "./broadcast.ts";
import { OutcomeFeed } from "./feed/outcome-feed.ts";
import { metrics } from "./metrics.ts";
import { Audience } from "./sockets/audience.ts";
import { type ConnectionLimits, standardLimits } from "./sockets/connection.ts";
import { StreamServer } from "./sockets/stream-server.ts";
import { Standing } from "./standing.ts";
import { streamNames } from "./wire/stream-name.ts";

const DEPTH_EVERY_MS = 100;
const OPEN_AGAIN_AFTER_MS = 250;

export interface MarketDataOptions {
  readonly config: CellConfig;
  readonly log: Logger;
  readonly witness: Witness;
  readonly limits?: Partial<ConnectionLimits>;
}

/** The service: as long as its cell is active, it tells what the engines have committed. */
export async function startMarketData(
  options: MarketDataOptions,
): Promise<{ readonly port: number; readonly internalPort: number; stop(): Promise<void> }> {
  const { config, log, witness } = options;
  if (config.port === null)
    throw new Error("CASTLE_PORT is not set; market-data needs a port on which traders reach it");
  const symbols = config.symbols.map((symbol) => symbol.name);
  const db = connectOwnDatabase(config, { name: config.instance, max: 6 });
  const redis = connectRedis(config.redisUrl, "subscriber");
  const roles = new RoleWatch({ db, region: config.region, log });
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
    ...{ db, redis, streams: symbols, log },
    believable: () => isOpen(standing),
    onOpen: (positions) => broadcast.begin(positions),
    onOutcome: (outcome) => broadcast.tell(outcome),
    onBroken: (because) => {
      log.error({ because }, "starting over from what the database holds");
      server.closeAll("starting over: connect again and take a new snapshot");
      void follow();
    },
    onRepair: (cause) => metrics.repairs.inc({ cause }),
  });

  let again: NodeJS.Timeout | undefined;
  /** Brings feed and connections to what the cell's standing says. */
  const follow = async (): Promise<void> => {
    clearTimeout(again);
    const { current } = standing;
    if (!current.active) {
      feed.close();
      server.closeAll(`this cell is not active: ${current.because}`);
    } else if (!feed.isOpen)
      await feed.open().catch((error: Error) => {
        log.warn({ err: error }, "outcomes cannot be followed yet");
        again = setTimeout(() => void follow(), OPEN_AGAIN_AFTER_MS);
      });
  };
  const describe = () => ({ ...standing.current, following: feed.isOpen, redis: redis.status });
  const databaseAnswers = () =>
    db.raw("select 1").then(
      () => true,
      () => false,
    );

  standing.on("change", () => void follow());
  await roles.start();
  await follow();
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
      clearTimeout(again);
      roles.stop();
      await standing.stop();
      feed.close();
      await Promise.all([server.stop(), internal.close()]);
      redis.disconnect();
      await db.destroy();
    },
  };
}

const isOpen = ({ current }: Standing): boolean => current.active && current.gate !== "closed";

function refusalOf({ current }: Standing, feed: OutcomeFeed): string | null {
  if (!current.active) return `this cell is not active: ${current.because}`;
  return feed.isOpen ? null : "this cell does not follow its engines yet";
}
