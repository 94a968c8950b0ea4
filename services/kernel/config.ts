import {
  type CellRegion,
  cellRegions,
  peerOf,
  type RegionName,
  regionNames,
} from "@castle/regions/catalogue.ts";
import { Duration } from "@castle/regions/duration.ts";
import { z } from "zod";
import { services } from "../catalogue.ts";
import { findSymbol, type MarketSymbol, symbols } from "./domain/symbols.ts";
import { withoutTls } from "./stores-over-tls.ts";

/** What every service of a cell is told by its environment. */
export interface CellConfig {
  readonly region: RegionName;
  readonly peerRegion: CellRegion;
  readonly service: string;
  readonly instance: string;
  readonly host: string;
  /** Traffic port; null for a service that takes none. */
  readonly port: number | null;
  readonly internalPort: number;
  /** Port of the lines on which the cell's services reach this one; null for a service that none do. */
  readonly linePort: number | null;
  /** Host at which the cell's other services reach this instance. */
  readonly advertisedHost: string;
  readonly databaseUrl: string;
  /** Where the database is reached while this cell's has no writer (Aurora's reader endpoint); the lab needs none. */
  readonly databaseReaderUrl?: string;
  /** The journal in this cell: it holds the peer's commands. */
  readonly journalUrl: string;
  /** The journal in the peer cell: it holds ours. */
  readonly peerJournalUrl: string;
  readonly redisUrl: string;
  readonly witness: { readonly table: string; readonly region: RegionName; readonly endpoint?: string };
  readonly sealKey: Buffer;
  readonly symbols: readonly MarketSymbol[];
  /** How long the peer may be unreachable before the active cell asks the witness for `solo`. */
  readonly soloAfter: Duration;
  readonly logLevel: string;
}

/** Every mistake of the environment at once, a line each. */
export class ConfigInvalid extends Error {
  constructor(mistakes: readonly string[]) {
    super(`the environment is not a valid configuration:\n${mistakes.map((m) => `  ${m}`).join("\n")}`);
    this.name = "ConfigInvalid";
  }
}

const port = z.coerce.number().int().min(1).max(65_535);
const postgres = z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// URL");

const environment = z.object({
  CASTLE_REGION: z.enum(cellRegions),
  CASTLE_SERVICE: z.enum(services.map((service) => service.name)),
  CASTLE_INSTANCE: z.string().min(1),
  CASTLE_HOST: z.string().min(1).default("0.0.0.0"),
  CASTLE_PORT: port.optional(),
  CASTLE_INTERNAL_PORT: port,
  CASTLE_LINE_PORT: port.optional(),
  CASTLE_ADVERTISED_HOST: z.string().min(1).optional(),
  DATABASE_URL: postgres,
  DATABASE_READER_URL: postgres.optional(),
  JOURNAL_URL: postgres,
  PEER_JOURNAL_URL: postgres,
  REDIS_URL: z.string().regex(/^rediss?:\/\//, "must be a redis:// or rediss:// URL"),
  WITNESS_TABLE: z.string().min(1),
  WITNESS_REGION: z.enum(regionNames),
  WITNESS_ENDPOINT: z.url().optional(),
  CASTLE_SEAL_KEY: z
    .string()
    .refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64"),
  CASTLE_SYMBOLS: z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim()))
    .superRefine((names, check) => {
      for (const name of names)
        if (!findSymbol(name))
          check.addIssue({
            code: "custom",
            message: `unknown symbol "${name}"; known: ${symbols.map((s) => s.name).join(", ")}`,
          });
    }),
  CASTLE_SOLO_AFTER_MS: z.coerce.number().int().min(100).default(5_000),
  CASTLE_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

/** @throws ConfigInvalid that lists every mistake. Values are never repeated in it: they may be secrets. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): CellConfig {
  const parsed = environment.safeParse(env);
  const plain = withoutTls(env);
  if (!parsed.success || plain.length > 0)
    throw new ConfigInvalid([
      ...(parsed.error?.issues ?? []).map((issue) =>
        env[String(issue.path[0])] === undefined
          ? `${issue.path.join(".")} is not set`
          : `${issue.path.join(".")}: ${issue.message}`,
      ),
      ...plain,
    ]);
  const e = parsed.data;
  return {
    region: e.CASTLE_REGION,
    peerRegion: peerOf(e.CASTLE_REGION),
    service: e.CASTLE_SERVICE,
    instance: e.CASTLE_INSTANCE,
    host: e.CASTLE_HOST,
    port: e.CASTLE_PORT ?? null,
    internalPort: e.CASTLE_INTERNAL_PORT,
    linePort: e.CASTLE_LINE_PORT ?? null,
    advertisedHost: e.CASTLE_ADVERTISED_HOST ?? e.CASTLE_HOST,
    databaseUrl: e.DATABASE_URL,
    ...(e.DATABASE_READER_URL === undefined ? {} : { databaseReaderUrl: e.DATABASE_READER_URL }),
    journalUrl: e.JOURNAL_URL,
    peerJournalUrl: e.PEER_JOURNAL_URL,
    redisUrl: e.REDIS_URL,
    witness: {
      table: e.WITNESS_TABLE,
      region: e.WITNESS_REGION,
      ...(e.WITNESS_ENDPOINT === undefined ? {} : { endpoint: e.WITNESS_ENDPOINT }),
    },
    sealKey: Buffer.from(e.CASTLE_SEAL_KEY, "base64"),
    symbols: e.CASTLE_SYMBOLS.flatMap((name) => findSymbol(name) ?? []),
    soloAfter: Duration.ms(e.CASTLE_SOLO_AFTER_MS),
    logLevel: e.CASTLE_LOG_LEVEL,
  };
}
