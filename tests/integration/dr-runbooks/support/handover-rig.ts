import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { type ControlPlane, startControlPlane } from "@castle/lab/aws/control-plane.ts";
import type { ControlPlaneEvent } from "@castle/lab/aws/events.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { handoverTopic } from "@castle/lab/aws/lab-account.ts";
import { evidenceBuckets } from "@castle/lab/aws/s3/buckets.ts";
import { PerCell } from "@castle/lab/cells/per-cell.ts";
import { LabClusters } from "@castle/lab/kubernetes/clusters.ts";
import { NodeGroup } from "@castle/lab/kubernetes/node-group.ts";
import { NAMESPACE } from "@castle/lab/kubernetes/objects.ts";
import type { CellRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { Mode } from "@castle/regions/role.ts";
import type { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { REGION, WitnessServer } from "../../witness/witness-server.ts";
import { AwsOfTests } from "./aws-of-tests.ts";
import { CellOfTests, standInForEngines } from "./cell-of-tests.ts";
import { WorkloadOfTests } from "./workload-of-tests.ts";

export const HOME: CellRegion = "eu-west-1";
export const PEER: CellRegion = "eu-central-1";
const GONE = "127.0.0.1:1";

type Request = Extract<ControlPlaneEvent, { kind: "call" }>;

/** A request to a cluster's API, which tells no more of itself. */
const toCluster = (region: string, operation: string): Request => ({
  ...{ kind: "call", service: "kubernetes", operation, region, status: 200, code: null, message: null },
  ...{ trouble: null, requestId: "", durationMs: 0 },
});

/**
 * What a handover from HOME to PEER works on: PEER's real PostgreSQL servers and Redis, a real witness, and the lab's
 * AWS control plane over both. HOME is real too when asked for; otherwise nothing answers where it was. The databases do
 * not replicate; a test gives each the state that replication would have left.
 */
export class HandoverRig {
  readonly peer: CellOfTests;
  /** null: the region is lost. */
  readonly home: CellOfTests | null;
  readonly #witnesses: WitnessServer;
  readonly #engines: { stop(): Promise<void> }[];
  readonly #folders: string[] = [];
  /** Every request that AWS, or a cluster, was sent since `reset`. */
  readonly requests: Request[] = [];
  /** What the cells' clusters run, where there are any. */
  readonly workloads = PerCell.make((region) => new WorkloadOfTests(region, HOME));
  #clusters: LabClusters | null = null;
  #controlPlane: ControlPlane | null = null;
  #promoteDatabase: () => Promise<void> = async () => undefined;
  aws: AwsOfTests;
  witness: DynamoWitness;
  target: Target;

  private constructor(peer: CellOfTests, home: CellOfTests | null, witnesses: WitnessServer) {
    this.peer = peer;
    this.home = home;
    this.#witnesses = witnesses;
    this.#engines = [peer, ...(home ? [home] : [])].map(standInForEngines);
    this.aws = this.#newAws();
    this.witness = witnesses.witness("none yet");
    this.target = this.#newTarget("none yet", "http://127.0.0.1:1");
  }

  /** @param options.clusters whether the target names clusters. */
  static async start(options: { home: "lost" | "alive"; clusters?: boolean }): Promise<HandoverRig> {
    const [peer, home, witnesses] = await Promise.all([
      CellOfTests.start(PEER),
      options.home === "alive" ? CellOfTests.start(HOME) : null,
      WitnessServer.start(),
    ]);
    const rig = new HandoverRig(peer, home, witnesses);
    if (options.clusters) await rig.#startClusters();
    return rig;
  }

  async #startClusters(): Promise<void> {
    this.#clusters = await LabClusters.start({
      port: () => 0,
      workload: (region) => this.workloads.in(region),
      nodes: (region) => new NodeGroup(region),
      endpointState: (region) => this.aws.endpointState(region),
      asked: (region, operation) => this.requests.push(toCluster(region, operation)),
    });
  }

  /** HOME is active in epoch 1, in the given mode; nothing has been traded yet, and no runbook has run. */
  async reset(mode: Mode = "paired"): Promise<void> {
    const role = { epoch: 1, region: HOME, gate: "open", durability: mode } as const;
    await Promise.all([this.peer.reset(role), this.home?.reset(role)]);
    await this.peer.journal.raw("select journal_raise_epoch(1)");
    await this.peer.orphanCache();
    const { table, witness } = await this.#witnesses.holding({
      epoch: epoch(1),
      activeRegion: HOME,
      mode,
      changedBy: "a gateway",
    });
    await this.#controlPlane?.close();
    this.#promoteDatabase = async () => undefined;
    this.aws = this.#newAws();
    if (!this.home) this.aws.lost.add(HOME);
    this.#controlPlane = await startControlPlane({
      port: 0,
      cells: this.aws,
      buckets: evidenceBuckets(labIdentifiers(), { folder: this.folder() }),
      ...(this.#clusters ? { clusters: this.#clusters.known } : {}),
      observe: (event) => {
        if (event.kind === "call") this.requests.push(event);
      },
    });
    for (const workload of this.workloads.all) workload.reset();
    this.requests.length = 0;
    this.witness = witness;
    this.target = this.#newTarget(table, this.#controlPlane.url);
  }

  /** From now on the target has its records copied to buckets, each in its region. @param names other ones than there are */
  keepCopies(names: Partial<Record<CellRegion, string>> = {}): void {
    const { cell } = labIdentifiers();
    this.target = {
      ...this.target,
      evidence: {
        keyFile: this.target.evidence?.keyFile ?? join(this.folder(), "evidence-key.pem"),
        buckets: { [HOME]: cell(HOME).evidenceBucket, [PEER]: cell(PEER).evidenceBucket, ...names },
        retentionDays: 1,
      },
    };
  }

  /** Lets the next promotion of a database begin, and not end before `release`. */
  holdPromotion(): { asked: Promise<void>; release(): void } {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#promoteDatabase = () => {
      asked.resolve();
      return released.promise;
    };
    return { asked: asked.promise, release: released.resolve };
  }

  /** The target as a file, as the command line takes it. */
  targetFile(): string {
    const path = join(this.folder(), "target.json");
    writeFileSync(path, JSON.stringify(this.target));
    return path;
  }

  /** The lab's AWS: what was published, and the switch for its faults. */
  get controlPlane(): ControlPlane {
    if (!this.#controlPlane) throw new Error("reset() the rig first");
    return this.#controlPlane;
  }

  /** A folder that is removed in the end. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), "castle-handover-"));
    this.#folders.push(folder);
    return folder;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#engines.map((engines) => engines.stop()));
    await this.#controlPlane?.close();
    await this.#clusters?.close();
    await this.#witnesses.stop();
    await Promise.all([this.peer.stop(), this.home?.stop()]);
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  #newAws(): AwsOfTests {
    return new AwsOfTests(HOME, {
      database: () => this.#promoteDatabase(),
      cache: async () => {
        await this.peer.redis.replicaof("NO", "ONE");
      },
    });
  }

  #newTarget(table: string, awsEndpoint: string): Target {
    const names = labIdentifiers();
    const cell = (region: CellRegion, servers: CellOfTests["servers"] | undefined) => {
      const { clusterArn, replicationGroupId, endpointGroupArn, endpointId, clusterName } =
        names.cell(region);
      return {
        databaseUrl: servers?.databaseUrl ?? `postgres://castle@${GONE}/castle`,
        journalUrl: servers?.journalUrl ?? `postgres://castle@${GONE}/castle`,
        redisUrl: servers?.redisUrl ?? `redis://${GONE}`,
        ...{ clusterArn, replicationGroupId, endpointGroupArn, endpointId },
        topicArn: names.topicArn(region, handoverTopic),
        ...(this.#clusters ? { cluster: { name: clusterName, namespace: NAMESPACE } } : {}),
      };
    };
    return {
      kind: "lab",
      name: "the handover's tests",
      awsEndpoint,
      witness: { table, region: REGION, endpoint: this.#witnesses.endpoint },
      globalClusterIdentifier: names.globalClusterIdentifier,
      globalReplicationGroupId: names.globalReplicationGroupId,
      cells: {
        [HOME]: cell(HOME, this.home?.servers),
        [PEER]: cell(PEER, this.peer.servers),
      } as Target["cells"],
      runsFolder: this.folder(),
    };
  }
}
