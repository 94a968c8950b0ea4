import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { evidenceOperations } from "@castle/dr-runbooks/evidence/bucket/actions.ts";
import type { Outcome } from "@castle/dr-runbooks/readiness/check.ts";
import { type Connections, connectTo } from "@castle/dr-runbooks/readiness/connections.ts";
import { type CheckTold, lookAtReadiness, type Readiness } from "@castle/dr-runbooks/readiness/readiness.ts";
import { type Target, targetSchema } from "@castle/dr-runbooks/target.ts";
import { type ControlPlane, startControlPlane } from "@castle/lab/aws/control-plane.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { handoverTopic } from "@castle/lab/aws/lab-account.ts";
import { evidenceBuckets } from "@castle/lab/aws/s3/buckets.ts";
import { bearServers } from "@castle/lab/birth.ts";
import { buildLab, type LabParts } from "@castle/lab/build.ts";
import { labBackups } from "@castle/lab/cells/lab-backups.ts";
import { LabCells } from "@castle/lab/cells/lab-cells.ts";
import { labHoldings } from "@castle/lab/cells/lab-holdings.ts";
import { labNeeds } from "@castle/lab/cells/lab-needs.ts";
import { labRestores } from "@castle/lab/cells/lab-restores.ts";
import { createSecrets, DATABASE, JOURNAL } from "@castle/lab/environment.ts";
import { LabClusters } from "@castle/lab/kubernetes/clusters.ts";
import { NAMESPACE } from "@castle/lab/kubernetes/objects.ts";
import { type LabLayout, layOut } from "@castle/lab/layout.ts";
import { PortBlock } from "@castle/lab/ports.ts";
import { Host } from "@castle/lab/processes/host.ts";
import { until } from "@castle/lab/processes/until.ts";
import { createPostgresAccess } from "@castle/lab/servers/postgres-access.ts";
import { type CellRegion, cellRegions } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { catalogueSizes } from "@castle/services/catalogue.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { StandbyProgressReporter } from "@castle/services/matching-engine/authority/standby-progress-reporter.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import pg from "pg";
import { pino } from "pino";
import { REGION, WitnessServer } from "../../witness/witness-server.ts";
import { HOME, PEER } from "./handover-rig.ts";

const SYMBOLS = ["BTCUSDT"];

/**
 * Both regions with their real servers, which replicate; the lab's network, edge and AWS control plane; a real witness.
 * Instead of services there is what readiness sees of them: programs that stand in for them in the cells' clusters, their
 * sessions in the databases, and the standby's reports of its progress, which are the engine's own.
 */
export class ReadinessRig {
  readonly parts: LabParts;
  readonly target: Target;
  readonly witness: DynamoWitness;
  readonly aws: ControlPlane;
  /** What the control plane was asked so far, as IAM names it. */
  readonly asked: ReadonlySet<string>;
  /** What EKS knows of the cells' clusters. */
  readonly clusters: LabClusters;
  readonly connections: Connections;
  /** Where its servers keep their data, and its backups. */
  readonly host: Host;
  readonly #newReporter: () => StandbyProgressReporter;
  #reporter: StandbyProgressReporter;
  /** A service's session in the peer's database, by the service's name. */
  readonly peerSessions: ReadonlyMap<string, pg.Client>;
  readonly #closing: (() => unknown)[];

  private constructor(
    made: Pick<
      ReadinessRig,
      "parts" | "target" | "witness" | "aws" | "clusters" | "connections" | "peerSessions" | "asked" | "host"
    >,
    newReporter: () => StandbyProgressReporter,
    closing: (() => unknown)[],
  ) {
    this.parts = made.parts;
    this.target = made.target;
    this.witness = made.witness;
    this.aws = made.aws;
    this.clusters = made.clusters;
    this.asked = made.asked;
    this.connections = made.connections;
    this.host = made.host;
    this.peerSessions = made.peerSessions;
    this.#newReporter = newReporter;
    this.#reporter = newReporter();
    this.#reporter.start();
    this.#closing = closing;
  }

  static async start(): Promise<ReadinessRig> {
    const [ports, witnesses] = await Promise.all([PortBlock.claim(), WitnessServer.start()]);
    const host = new Host();
    const secrets = createSecrets(createPostgresAccess(host));
    const layout = await layOut(() => ports.take(), new Map(), catalogueSizes);
    const parts = buildLab({
      ...{ host, layout, secrets, symbols: SYMBOLS, rttMs: 4, soloAfterMs: 2_000, nearest: HOME },
      program: fileURLToPath(new URL("../../support/stand-in-service.ts", import.meta.url)),
      ...{ rejoinDelayMs: 300, takePort: () => ports.take(), note: () => undefined },
    });
    await parts.network.start();
    await Promise.all([
      bearServers(parts, { layout, symbols: SYMBOLS }),
      ...parts.regions.all.map((region) => region.startServices()),
    ]);
    const urls = (region: CellRegion) => ({
      databaseUrl: parts.databases.in(region).url(DATABASE),
      journalUrl: parts.journals.in(region).url(JOURNAL),
      redisUrl: parts.caches.in(region).url,
    });

    const { table, witness } = await witnesses.holding({
      ...{ epoch: epoch(1), activeRegion: HOME, mode: "paired", changedBy: "an engine" },
    });
    const names = labIdentifiers();
    const asked = new Set<string>();
    const cells = new LabCells({ ...parts, versions: { postgres: "15.14", redis: "7.0.15" } });
    const clusters = await LabClusters.over(parts.regions, layout, cells);
    const aws = await startControlPlane({
      ...{ port: 0, holdings: labHoldings(secrets), backUp: labBackups(host, parts.databases) },
      restore: labRestores(host, secrets.postgres, () => ports.take()),
      observe: (event) => {
        if (event.kind === "call") for (const action of actionsOf(event)) asked.add(action);
      },
      buckets: evidenceBuckets(names, { folder: host.subfolder("s3") }),
      ...{ cells, clusters: clusters.known },
    });
    const target = targetSchema.parse({
      ...{ kind: "lab", name: "the readiness tests", awsEndpoint: aws.url },
      witness: { table, region: REGION, endpoint: witnesses.endpoint },
      globalClusterIdentifier: names.globalClusterIdentifier,
      globalReplicationGroupId: names.globalReplicationGroupId,
      cells: Object.fromEntries(
        cellRegions.map((region) => {
          const { clusterArn, replicationGroupId, endpointGroupArn, endpointId, clusterName } =
            names.cell(region);
          const cluster = { name: clusterName, namespace: NAMESPACE };
          const topicArn = names.topicArn(region, handoverTopic);
          return [
            region,
            {
              ...{ ...urls(region), clusterArn, replicationGroupId, endpointGroupArn, endpointId },
              ...{ topicArn, cluster },
            },
          ];
        }),
      ),
      readiness: labNeeds,
      runsFolder: host.subfolder("runs"),
      evidence: {
        keyFile: join(host.folder, "evidence-key.pem"),
        buckets: Object.fromEntries(cellRegions.map((region) => [region, names.cell(region).evidenceBucket])),
        retentionDays: 1,
      },
    });

    const journal = connectDatabase(target.cells[PEER].journalUrl, { name: "test", max: 1 });
    const home = connectDatabase(target.cells[HOME].databaseUrl, { name: "test", max: 1 });
    await home.raw("update role set durability = 'paired'");
    await home.destroy();
    await journal.raw("select journal_raise_epoch(1)");
    const [, peerSessions] = await Promise.all([
      sessions(layout, target, HOME),
      sessions(layout, target, PEER),
    ]);
    const db = connectDatabase(target.cells[PEER].databaseUrl, { name: "reports", max: 1 });
    const log = pino({ level: "silent" });
    const connections = connectTo(target);
    const newReporter = () => new StandbyProgressReporter({ db, journal, log });
    return new ReadinessRig(
      { parts, target, witness, aws, clusters, connections, peerSessions, asked, host },
      newReporter,
      [
        () => connections.close(),
        () => Promise.all([db.destroy(), journal.destroy()]),
        () => aws.close(),
        () => clusters.close(),
        () => cells.close(),
        () => witnesses.stop(),
        () => {
          parts.database.close();
          parts.datastore.close();
          parts.network.letGo();
          for (const region of parts.regions.all) region.letGo();
        },
        () => host.close(),
        () => ports.release(),
      ],
    );
  }

  /** The journal in the peer. */
  get journal(): Knex {
    return this.connections.cell(PEER).journal.knex;
  }

  /** The standby's engine reports again, as after a restart. */
  reportAgain(): void {
    this.#reporter = this.#newReporter();
    this.#reporter.start();
  }

  /** It stops doing so. */
  stopReporting(): Promise<void> {
    return this.#reporter.stop();
  }

  look(): Promise<Readiness> {
    return lookAtReadiness(this.connections);
  }

  /**
   * Reads until the check has the outcome, in these words, and of the others only `related` ones may not hold: what is changed at one end
   * is seen at the other a moment later, and a busy machine makes a check turn red that has nothing to do with it.
   */
  async lookUntilRed(
    name: string,
    wanted: { readonly outcome: Outcome; readonly found: RegExp; readonly related: readonly string[] },
  ): Promise<Readiness> {
    const { outcome, found, related } = wanted;
    let last: Readiness | null = null;
    const red = (): CheckTold[] => (last?.checks ?? []).filter((check) => check.outcome !== "holds");
    await until(
      async () => {
        last = await this.look();
        const concerned = red().every((check) => check.name === name || related.includes(check.name));
        const isRed = (check: CheckTold): boolean =>
          check.name === name && check.outcome === outcome && found.test(check.found);
        return concerned && red().some(isRed);
      },
      {
        what: () =>
          `${name} to be "${outcome}" with ${found}, and nothing but it and [${related}] (${red()
            .map((check) => `${check.name} ${check.outcome}: ${check.found}`)
            .join("; ")})`,
        withinMs: 60_000,
        everyMs: 20,
      },
    );
    return last ?? expect.fail("nothing was read");
  }

  /** Looks until every check holds. */
  async settled(): Promise<void> {
    let lacking = "";
    await until(
      async () => {
        const { checks, holds } = await this.look();
        lacking = checks
          .filter(({ outcome }) => outcome !== "holds")
          .map(({ name, found }) => `${name}: ${found}`)
          .join("; ");
        return holds;
      },
      { what: () => `every check to hold (${lacking})`, withinMs: 60_000, everyMs: 50 },
    );
  }

  async stop(): Promise<void> {
    await this.#reporter.stop();
    for (const close of this.#closing) await close();
  }
}

/** As IAM names what was asked; for most services as the SDK does. */
function actionsOf({
  service,
  operation,
}: {
  service: string | null;
  operation: string | null;
}): readonly string[] {
  if (service === "s3") return evidenceOperations[operation ?? ""] ?? [`s3:${operation}`];
  return [`${service === "monitoring" ? "cloudwatch" : service}:${operation}`];
}

/** A session in the cell's database for each instance of a service, under its name. */
async function sessions(
  layout: LabLayout,
  target: Target,
  region: CellRegion,
): Promise<ReadonlyMap<string, pg.Client>> {
  const made = layout.cells.in(region).services.map(async ({ name, service }) => {
    const connectionString = target.cells[region].databaseUrl;
    const client = new pg.Client({ connectionString, application_name: name });
    client.on("error", () => undefined); // its server is stopped by a test, or in the end
    await client.connect();
    return [service.name, client] as const;
  });
  return new Map(await Promise.all(made));
}
