import { join } from "node:path";
import { type CellRegion, cellRegions } from "@castle/regions/catalogue.ts";
import type { Login } from "../aws/login.ts";
import { type Target, targetSchema } from "../target.ts";
import type { CastleOutputs, CellOutputs } from "./outputs.ts";

/** How a cell's servers are entered; or why nobody can. */
export type CellLogins =
  | { readonly database: Login; readonly journal: Login; readonly cache: Login }
  | { readonly withheld: string };

export interface AwsTargetParts {
  readonly outputs: CastleOutputs;
  readonly logins: Readonly<Record<CellRegion, CellLogins>>;
  /** Folder for what belongs to this Castle. */
  readonly folder: string;
  /** PEM of the certificate authorities that databases are vouched for by; null: those of the system. */
  readonly databaseCa: string | null;
}

/** A Castle on AWS as runbooks act on it. Pure. @throws ZodError when the parts do not make one. */
export function awsTarget({ outputs, logins, folder, databaseCa }: AwsTargetParts): Target {
  const { home, peer, stack } = outputs;
  const [, , , witnessRegion] = home.witnessTableArn.split(":");
  const cells = cellRegions.map((region) => {
    const own = home.region === region ? home : peer;
    return [region, cellOf(own, logins[region], databaseCa)] as const;
  });
  return targetSchema.parse({
    kind: "aws",
    name: stack,
    account: home.account,
    // By its ARN: in another account, a table of the same name is not this one.
    witness: { table: home.witnessTableArn, region: witnessRegion },
    globalClusterIdentifier: home.globalClusterIdentifier,
    globalReplicationGroupId: home.globalReplicationGroupId,
    cells: Object.fromEntries(cells),
    readiness: {
      ...{ repositories: home.repositories, secrets: home.secrets, quotas: home.quotas },
      certificates: home.certificates,
    },
    approvers: home.approvers,
    runsFolder: join(folder, "runs"),
    evidence: {
      keyFile: join(folder, "evidence-key.pem"),
      buckets: bucketsOf([home, peer]),
      retentionDays: home.evidenceRetentionDays,
    },
    objectives: home.objectives,
  });
}

function cellOf(own: CellOutputs, logins: CellLogins, databaseCa: string | null) {
  const { database, journal, cache } = own;
  const withheld = "withheld" in logins;
  const postgres = (endpoint: string, at: { readonly port: number; readonly name: string }, login?: Login) =>
    urlOf("postgres", endpoint, at.port, login, `/${at.name}`, {
      sslmode: "verify-full",
      ...(databaseCa === null ? {} : { sslrootcert: databaseCa }),
    });
  return {
    databaseUrl: postgres(database.endpoint, database, withheld ? undefined : logins.database),
    databaseReaderUrl: postgres(database.readerEndpoint, database, withheld ? undefined : logins.database),
    journalUrl: postgres(journal.endpoint, journal, withheld ? undefined : logins.journal),
    redisUrl: urlOf("rediss", cache.endpoint, cache.port, withheld ? undefined : logins.cache),
    clusterArn: database.clusterArn,
    replicationGroupId: cache.replicationGroupId,
    ...own.edge,
    cluster: own.cluster,
    topicArn: own.topicArn,
    metrics: own.metrics,
    ...(withheld ? { withheld: logins.withheld } : {}),
  };
}

function urlOf(
  scheme: "postgres" | "rediss",
  host: string,
  port: number,
  login: Login | undefined,
  path = "",
  query: Readonly<Record<string, string>> = {},
): string {
  const who = login
    ? `${encodeURIComponent(login.username ?? "")}:${encodeURIComponent(login.password)}@`
    : "";
  const parameters = new URLSearchParams(query).toString();
  return `${scheme}://${who}${host}:${port}${path}${parameters === "" ? "" : `?${parameters}`}`;
}

function bucketsOf(cells: readonly CellOutputs[]): Record<string, string> | undefined {
  const buckets = cells.flatMap(({ region, evidenceBucket: bucket }) =>
    bucket === undefined ? [] : [[region, bucket]],
  );
  return buckets.length === 0 ? undefined : Object.fromEntries(buckets);
}
