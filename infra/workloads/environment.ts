import { witnessRegion } from "@castle/regions/catalogue.ts";
import type { Service } from "@castle/services/catalogue.ts";
import { symbols } from "@castle/services/kernel/domain/symbols.ts";
import type * as kubernetes from "@pulumi/kubernetes";
import { type Input, interpolate } from "@pulumi/pulumi";
import { cachePort, postgresPort } from "../cell/network/ports.ts";
import { storeOwner } from "../cell/secrets/specs.ts";
import { SERVICES_SECRET, type SecretKey, type WorkloadFacts } from "./facts.ts";

type Variable = kubernetes.types.input.core.v1.EnvVar;

/** Where the image has AWS's certificate authorities for databases: see the Dockerfile. */
const DATABASE_CA = "/etc/castle/rds-ca.pem";
/** Names under `.invalid` never resolve (RFC 2606): a cell without a peer finds no journal there, and is solo. */
const NO_PEER = "journal.peer.invalid";

/**
 * What a service of the cell is configured by (services/kernel/config.ts). Passwords come from the Kubernetes Secret, and
 * into URLs by Kubernetes's own expansion of `$(NAME)`, which wants a variable to stand before those that name it.
 */
export function environmentOf(service: Service, facts: WorkloadFacts): Variable[] {
  const { database, journal, peerJournal, cache } = facts;
  const postgres = (host: Input<string>, name: string, password: string): Input<string> =>
    interpolate`postgres://${storeOwner}:$(${password})@${host}:${postgresPort}/${name}?sslmode=verify-full&sslrootcert=${DATABASE_CA}`;
  return [
    secret("DATABASE_PASSWORD", "database-password"),
    secret("JOURNAL_PASSWORD", "journal-password"),
    secret("CACHE_PASSWORD", "cache-password"),
    secret("CASTLE_SEAL_KEY", "seal-key"),
    { name: "CASTLE_REGION", value: facts.region },
    { name: "CASTLE_SERVICE", value: service.name },
    { name: "CASTLE_INSTANCE", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ...(service.port === null ? [] : [{ name: "CASTLE_PORT", value: String(service.port) }]),
    { name: "CASTLE_INTERNAL_PORT", value: String(service.internalPort) },
    ...(service.linePort === null
      ? []
      : [
          { name: "CASTLE_LINE_PORT", value: String(service.linePort) },
          // It is told to others by the cell's database, so that they reach the one that leads, and no other.
          { name: "CASTLE_ADVERTISED_HOST", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        ]),
    { name: "DATABASE_URL", value: postgres(database.endpoint, "castle", "DATABASE_PASSWORD") },
    { name: "DATABASE_READER_URL", value: postgres(database.readerEndpoint, "castle", "DATABASE_PASSWORD") },
    { name: "JOURNAL_URL", value: postgres(journal.endpoint, "journal", "JOURNAL_PASSWORD") },
    { name: "PEER_JOURNAL_URL", value: postgres(peerJournal ?? NO_PEER, "journal", "JOURNAL_PASSWORD") },
    { name: "REDIS_URL", value: interpolate`rediss://:$(CACHE_PASSWORD)@${cache.endpoint}:${cachePort}` },
    { name: "WITNESS_TABLE", value: facts.witnessTable },
    { name: "WITNESS_REGION", value: witnessRegion },
    { name: "CASTLE_SYMBOLS", value: symbols.map(({ name }) => name).join(",") },
  ];
}

const secret = (name: string, key: SecretKey): Variable => ({
  name,
  valueFrom: { secretKeyRef: { name: SERVICES_SECRET, key } },
});
