import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type peerOf, witnessRegion } from "@castle/regions/catalogue.ts";
import type { LabLayout, ServiceInstance } from "./layout.ts";
import type { PostgresAccess } from "./servers/postgres-access.ts";
import { WITNESS_TABLE } from "./witness/witness-region.ts";

/** Made for one lab, and known to nobody else. */
export interface LabSecrets {
  readonly postgres: PostgresAccess;
  readonly redisPassword: string;
  /** Base64 of 32 bytes; the same in both cells. */
  readonly sealKey: string;
}

export const createSecrets = (postgres: PostgresAccess): LabSecrets => ({
  postgres,
  redisPassword: randomBytes(18).toString("base64url"),
  sealKey: randomBytes(32).toString("base64"),
});

export const DATABASE = "castle";
export const JOURNAL = "journal";

/** Compiled code is kept from lab to lab: half of a service's start is compiling. */
export const nodeEnvironment: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL("../node_modules/.cache/castle", import.meta.url)),
};

/** Goes before a program's own arguments: see there. */
export const nodeArguments: readonly string[] = [
  `--import=${new URL("processes/keep-compiled.ts", import.meta.url)}`,
];

export interface ServiceSettings {
  readonly symbols: readonly string[];
  readonly soloAfterMs: number;
}

/** The environment a service is configured by: its own cell directly, the peer and the witness through the link. */
export function serviceEnvironment(
  { region, service, name, port, internalPort, linePort }: ServiceInstance,
  layout: LabLayout,
  secrets: LabSecrets,
  settings: ServiceSettings,
): Record<string, string> {
  const cell = layout.cells.in(region);
  const { user, password } = secrets.postgres;
  const postgres = (at: number, database: string): string =>
    `postgres://${user}:${password}@127.0.0.1:${at}/${database}`;
  return {
    ...nodeEnvironment,
    CASTLE_REGION: region,
    CASTLE_SERVICE: service.name,
    CASTLE_INSTANCE: name,
    CASTLE_HOST: "127.0.0.1",
    ...(port === null ? {} : { CASTLE_PORT: String(port) }),
    CASTLE_INTERNAL_PORT: String(internalPort),
    ...(linePort === null ? {} : { CASTLE_LINE_PORT: String(linePort) }),
    DATABASE_URL: postgres(cell.database, DATABASE),
    JOURNAL_URL: postgres(cell.journal, JOURNAL),
    PEER_JOURNAL_URL: postgres(cell.link.peerJournal, JOURNAL),
    REDIS_URL: `redis://:${secrets.redisPassword}@127.0.0.1:${cell.redis}`,
    WITNESS_TABLE,
    WITNESS_REGION: witnessRegion,
    WITNESS_ENDPOINT: `http://127.0.0.1:${cell.link.witness}`,
    CASTLE_SEAL_KEY: secrets.sealKey,
    CASTLE_SYMBOLS: settings.symbols.join(","),
    CASTLE_SOLO_AFTER_MS: String(settings.soloAfterMs),
    CASTLE_LOG_LEVEL: "info",
  };
}

/** What a runbook reaches a cell by: directly, as an operator in that region would. */
export function operatorUrls(
  region: Parameters<typeof peerOf>[0],
  layout: LabLayout,
  secrets: LabSecrets,
): { databaseUrl: string; journalUrl: string; redisUrl: string } {
  const cell = layout.cells.in(region);
  const { user, password } = secrets.postgres;
  return {
    databaseUrl: `postgres://${user}:${password}@127.0.0.1:${cell.database}/${DATABASE}`,
    journalUrl: `postgres://${user}:${password}@127.0.0.1:${cell.journal}/${JOURNAL}`,
    redisUrl: `redis://:${secrets.redisPassword}@127.0.0.1:${cell.redis}`,
  };
}
