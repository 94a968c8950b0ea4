import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeleteAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CreateDBClusterSnapshotCommand } from "@aws-sdk/client-rds";
import { EdgeEndpoint } from "@castle/dr-runbooks/aws/edge-endpoint.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { openBuckets } from "@castle/dr-runbooks/evidence/bucket/open-buckets.ts";
import { Shipper } from "@castle/dr-runbooks/evidence/bucket/shipper.ts";
import { readinessActions } from "@castle/dr-runbooks/readiness/actions.ts";
import { connectTo } from "@castle/dr-runbooks/readiness/connections.ts";
import { lookAtReadiness, type Readiness } from "@castle/dr-runbooks/readiness/readiness.ts";
import { handoverTopic } from "@castle/lab/aws/lab-account.ts";
import type { Snapshot } from "@castle/lab/aws/rds/snapshots.ts";
import { repositoryOf, secretNames } from "@castle/lab/cells/lab-holdings.ts";
import { until } from "@castle/lab/processes/until.ts";
import type { CellRegion } from "@castle/regions/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { expect } from "chai";
import { presentCertificate, presentNoCertificate } from "./support/database-certificate.ts";
import { HOME, PEER } from "./support/handover-rig.ts";
import { ReadinessRig } from "./support/readiness-rig.ts";

const castle = fileURLToPath(new URL("../../../bin/castle.ts", import.meta.url));

interface Breakage {
  readonly what: string;
  /** The check that is meant for it. */
  readonly meant: string;
  /** Others that it rightly concerns. */
  readonly related?: readonly string[];
  readonly outcome?: "fails" | "unknown";
  readonly told: RegExp;
  readonly make: (rig: ReadinessRig) => unknown;
  /** Absent of the last ones, which concern each other's checks: they are left as they are. */
  readonly mend?: (rig: ReadinessRig) => unknown;
}

const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
const tailOf = (region: CellRegion): Snapshot => ({
  ...{ region, identifier: "rds:unplanned-global-failover-castle-2026", type: "automated" },
  ...{ createdAt: new Date(Date.now() - 6 * 3_600_000), status: "available", copyOf: null },
});
const setWeight = (rig: ReadinessRig, weight: number): Promise<void> =>
  new EdgeEndpoint(rig.connections.aws.accelerator(), rig.target.cells[PEER]).setWeight(weight);
const peerDatabase = (rig: ReadinessRig) => rig.connections.cell(PEER).database.knex;
const peerDeployments = (rig: ReadinessRig) => rig.parts.regions.in(PEER).deployments;
const makeReady = (rig: ReadinessRig, ready: boolean) =>
  fetch(
    `http://127.0.0.1:${rig.parts.regions.in(PEER).process("matching-engine-0").internalPort}/ready?${ready}`,
    { method: "PUT" },
  );
const witnessed = (rig: ReadinessRig, kind: "go-solo" | "pair") =>
  rig.witness.change({ kind, region: HOME, epoch: epoch(1), by: `a gateway that wants to ${kind}` });

const breakages: readonly Breakage[] = [
  {
    what: "the standby's endpoint was left at weight 0",
    meant: "edge-endpoints",
    told: /eu-central-1 has weight 0/,
    make: (rig) => setWeight(rig, 0),
    mend: (rig) => setWeight(rig, 128),
  },
  {
    what: "the peer's Redis follows nobody",
    meant: "cache-replication",
    told: /primary of its own/,
    make: (rig) => rig.parts.caches.in(PEER).promote(),
    mend: (rig) => rig.parts.caches.in(PEER).demote(),
  },
  {
    what: "the peer's journal is at another epoch",
    meant: "epochs",
    related: ["standby-vouches"],
    told: /journal in eu-central-1 is at epoch 2/,
    make: (rig) => rig.journal.raw("select journal_raise_epoch(2)"),
    mend: (rig) => rig.journal.raw("update fence set epoch = 1"),
  },
  {
    what: "the witness says solo",
    meant: "mode",
    told: /solo for/,
    make: (rig) => witnessed(rig, "go-solo"),
    mend: (rig) => witnessed(rig, "pair"),
  },
  {
    what: "a parameter of the peer's database was changed",
    meant: "database-parity",
    told: /statement_timeout is 0ms, in the peer 7000ms/,
    make: async (rig) => {
      await peerDatabase(rig).raw("alter system set statement_timeout = '7s'");
      await peerDatabase(rig).raw("select pg_reload_conf()");
    },
    mend: async (rig) => {
      await peerDatabase(rig).raw("alter system reset statement_timeout");
      await peerDatabase(rig).raw("select pg_reload_conf()");
    },
  },
  {
    what: "a failover was begun and not finished",
    meant: "executions",
    // It was written without a runner, which would have copied it.
    related: ["evidence"],
    told: /unfinished: failover-2/,
    make: async ({ target }) => {
      const begun = { kind: "started", at: 1, id: "failover-2", runbook: "failover", plan: {} } as const;
      await (await ExecutionRecord.create(target.runsFolder, begun)).close();
    },
    mend: async ({ target }) => {
      const record = await ExecutionRecord.open(target.runsFolder, "failover-2");
      await record.append({ kind: "finished", at: 2, outcome: "undone" }, { durable: true });
      await record.close();
      const { buckets, close } = openBuckets(target);
      await Promise.all(buckets.map((bucket) => new Shipper(bucket, target.runsFolder).end(seconds(10))));
      close();
    },
  },
  {
    what: "replication between the databases is cut",
    meant: "database-replication",
    told: /pending-resync/,
    make: (rig) => rig.parts.network.cut(["replication"]),
    mend: (rig) => rig.parts.network.heal(["replication"]),
  },
  {
    what: "an image is missing in the peer",
    meant: "images",
    told: /castle\/order-gateway is no repository|newest image of castle\/order-gateway/,
    make: (rig) => rig.aws.replicas.withhold(repositoryOf("order-gateway"), PEER),
    mend: (rig) => rig.aws.replicas.release(repositoryOf("order-gateway"), PEER),
  },
  {
    what: "a secret is missing in the peer",
    meant: "secrets",
    told: /castle\/seal-key/,
    make: (rig) => rig.aws.replicas.withhold(secretNames.sealKey, PEER),
    mend: (rig) => rig.aws.replicas.release(secretNames.sealKey, PEER),
  },
  {
    what: "CloudWatch has stopped telling the database's lag",
    meant: "replication-metrics",
    told: /^AuroraGlobalDBReplicationLag has not been told lately$/,
    make: (rig) => rig.aws.metrics.silence("AuroraGlobalDBReplicationLag", PEER),
    mend: (rig) => rig.aws.metrics.resume("AuroraGlobalDBReplicationLag", PEER),
  },
  {
    what: "an alarm on the standby's database has gone off",
    meant: "alarms",
    told: /^castle-many-connections is in ALARM .*Threshold Crossed/,
    make: (rig) =>
      rig.connections.aws.metrics(PEER).send(
        new PutMetricAlarmCommand({
          ...{
            AlarmName: "castle-many-connections",
            Namespace: "AWS/RDS",
            MetricName: "DatabaseConnections",
          },
          Dimensions: [{ Name: "DBClusterIdentifier", Value: `castle-${PEER}` }],
          ...{ Statistic: "Maximum", Period: 60, EvaluationPeriods: 1, Threshold: 1 },
          ComparisonOperator: "GreaterThanThreshold",
        }),
      ),
    mend: (rig) =>
      rig.connections.aws
        .metrics(PEER)
        .send(new DeleteAlarmsCommand({ AlarmNames: ["castle-many-connections"] })),
  },
  {
    what: "the peer has no certificate for a name",
    meant: "certificates",
    told: /eu-central-1 has no certificate for api\.castle\.test/,
    make: (rig) => rig.aws.certificates.remove("api.castle.test", PEER),
    mend: (rig) => rig.aws.certificates.issue("api.castle.test", PEER),
  },
  {
    what: "a certificate of the active cell ends in three weeks",
    meant: "certificate-renewal",
    told: /stream\.castle\.test in eu-west-1 ends in 2[01]\.\d days/,
    make: (rig) => rig.aws.certificates.issue("stream.castle.test", HOME, inDays(21)),
    mend: (rig) => rig.aws.certificates.issue("stream.castle.test", HOME),
  },
  {
    what: "the certificate that the peer's database presents ends in three days",
    meant: "certificates",
    told: /the database in eu-central-1 ends in [23]\.\d days/,
    make: (rig) => presentCertificate(rig.parts.databases.in(PEER), 3),
    mend: (rig) => presentNoCertificate(rig.parts.databases.in(PEER)),
  },
  {
    what: "the snapshot of what an old writer kept to itself is about to go",
    meant: "backups",
    told: /rds:unplanned-global-failover-castle.* of eu-west-1 is kept for \d+\.\d h more and has no copy/,
    make: (rig) => rig.aws.snapshots.hold(tailOf(HOME)),
    mend: (rig) => rig.aws.snapshots.drop(tailOf(HOME)),
  },
  {
    what: "the peer's database has no backup",
    meant: "backups",
    told: /the database in eu-central-1 can be restored to no moment/,
    make: (rig) => {
      for (const snapshot of rig.aws.snapshots.in(PEER)) rig.aws.snapshots.drop(snapshot);
    },
    mend: (rig) =>
      rig.connections.aws.rds(PEER).send(
        new CreateDBClusterSnapshotCommand({
          ...{ DBClusterIdentifier: `castle-${PEER}`, DBClusterSnapshotIdentifier: "taken-by-hand" },
        }),
      ),
  },
  {
    what: "the peer has no topic to tell a handover at",
    meant: "handover-topics",
    told: /eu-central-1 has no topic/,
    make: (rig) => rig.aws.replicas.withhold(handoverTopic, PEER),
    mend: (rig) => rig.aws.replicas.release(handoverTopic, PEER),
  },
  {
    what: "the accelerator's control plane answers with nothing but errors",
    meant: "edge-endpoints",
    outcome: "unknown",
    related: ["edge-health"],
    told: /^Global Accelerator: /,
    make: (rig) =>
      rig.aws.conduct.trouble(
        { service: "globalaccelerator" },
        { is: "internal-error" },
        { share: 1, seed: 1 },
      ),
    mend: (rig) => rig.aws.conduct.calm(),
  },
  {
    what: "the standby has stopped vouching",
    meant: "standby-vouches",
    told: /its last word is \d+\.\d s old/,
    make: async (rig) => {
      await rig.stopReporting();
      await rig.journal.raw("update vouched set at = at - interval '10 s'");
    },
    mend: (rig) => rig.reportAgain(),
  },
  {
    what: "a pod of the standby is not ready",
    meant: "standby-pods",
    told: /matching-engine-0 is not ready/,
    make: (rig) => makeReady(rig, false),
    mend: (rig) => makeReady(rig, true),
  },
  {
    what: "a deployment of the standby was scaled to nothing",
    meant: "standby-pods",
    told: /0 of market-data asked for, 1 wanted/,
    make: (rig) => peerDeployments(rig).scale("market-data", 0),
    mend: (rig) => peerDeployments(rig).scale("market-data", 1),
  },
  {
    what: "another build was deployed to the standby alone",
    meant: "pod-images",
    told: /order-gateway runs sha256:[0-9a-f]{12}, in the peer sha256:.* and sha256:ffffffffffff/,
    make: async (rig) => {
      peerDeployments(rig).pin("order-gateway", `sha256:${"f".repeat(64)}`);
      peerDeployments(rig).scale("order-gateway", 2);
      await until(
        async () => {
          const pods = await peerDeployments(rig).pods();
          return pods.filter(({ service, ready }) => service.name === "order-gateway" && ready).length === 2;
        },
        { what: "the pod of the other build to be ready", withinMs: 60_000 },
      );
    },
    mend: (rig) => peerDeployments(rig).scale("order-gateway", 1),
  },
  {
    what: "the clusters are of different versions",
    meant: "clusters",
    told: /Kubernetes 1\.34 in the active cell, 1\.33 in the peer/,
    make: (rig) => {
      rig.clusters.in(PEER).version = "1.33";
    },
    mend: (rig) => {
      rig.clusters.in(PEER).version = "1.34";
    },
  },
  {
    what: "the standby's node group may not grow to the active size",
    meant: "cluster-capacity",
    told: /no room for 5 pods of the active size, 3\.5 cores: 2 nodes run, 2 may/,
    make: (rig) => rig.clusters.in(PEER).nodes.scale({ min: 1, max: 2, desired: 2 }),
    mend: (rig) => rig.clusters.in(PEER).nodes.scale({ min: 2, max: 4, desired: 3 }),
  },
  {
    what: "the standby's EKS answers with nothing but errors",
    meant: "clusters",
    outcome: "unknown",
    related: ["cluster-capacity"],
    told: /^EKS in eu-central-1: /,
    make: (rig) =>
      rig.aws.conduct.trouble(
        { service: "eks", region: PEER },
        { is: "internal-error" },
        { share: 1, seed: 1 },
      ),
    mend: (rig) => rig.aws.conduct.calm(),
  },
  {
    what: "the standby's engine is gone",
    meant: "standby-services",
    told: /0 of matching-engine, 1 wanted/,
    make: (rig) => rig.peerSessions.get("matching-engine")?.end(),
  },
  {
    what: "the peer's database does not answer",
    meant: "database-replication",
    outcome: "unknown",
    related: [
      ...["epochs", "journal", "global-database", "database-parity"],
      ...["standby-vouches", "standby-services", "standby-capacity", "certificates", "certificate-renewal"],
    ],
    told: /^the database in eu-central-1: .*(ECONNREFUSED|terminat|closed|ended)/,
    make: async (rig) => {
      const server = rig.parts.regions.in(PEER).process("database");
      server.keepAlive.letGo();
      await server.daemon.stop();
    },
  },
];

describe("readiness", () => {
  let rig: ReadinessRig;
  before(async () => {
    rig = await ReadinessRig.start();
    await rig.settled();
  });
  after(() => rig.stop());

  const red = ({ checks }: Readiness): string[] =>
    checks.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name);

  const targetFile = (): string => {
    const path = join(rig.target.runsFolder, "target.json");
    writeFileSync(path, JSON.stringify(rig.target));
    return path;
  };

  it("tells that the peer could take over, how soon, and that nothing would be lost", async () => {
    const { ready, role, exposure, estimate } = await rig.look();
    expect(ready).to.equal(true);
    expect(role).to.include({ epoch: 1, active: HOME, peer: PEER, mode: "paired" });
    expect(exposure.commands).to.equal(0);
    expect(estimate).to.include({ detectionSeconds: 90, recoverySeconds: 120 });
  });

  it("asks AWS for what it says it asks, and nothing else", () => {
    expect([...rig.asked, "dynamodb:GetItem"].sort()).to.deep.equal(readinessActions);
  });

  it("watches, serves metrics, and ends on Ctrl-C", async () => {
    const child = spawn(process.execPath, [
      castle,
      "readiness",
      "--json",
      "--metrics",
      "0",
      "--target",
      targetFile(),
    ]);
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    const [line] = await once(child.stdout, "data");
    expect(JSON.parse(String(line))).to.include({ ready: true, holds: true });
    const metrics = await (await fetch(/http:\S+/.exec(errors)?.[0] ?? "")).text();
    expect(metrics).to.match(/^castle_ready 1$/m);
    expect(metrics).to.match(/^castle_readiness_check\{check="journal",severity="blocks"\} 1$/m);
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect(code).to.equal(130);
  });

  it("counts what would be lost in solo", async () => {
    await witnessed(rig, "go-solo");
    try {
      const { knex } = rig.connections.cell(HOME).database;
      const acceptUpTo = (seq: number) =>
        knex.raw("update stream set last_seq = ? where name = 'BTCUSDT'", [seq]);
      await acceptUpTo(7);
      await until(
        async () => {
          const streams = await rig.connections.cell(PEER).database.streams();
          return streams.some(({ stream, lastSeq }) => stream === "BTCUSDT" && lastSeq === 7);
        },
        { what: "the peer to have seven commands", withinMs: 60_000, everyMs: 10 },
      );
      await rig.parts.network.cut(["replication"]);
      await acceptUpTo(12);
      const { exposure } = await rig.look();
      expect(exposure).to.deep.equal({ commands: 5, told: "5 of BTCUSDT: solo" });
    } finally {
      await rig.parts.network.heal(["replication"]);
      await witnessed(rig, "pair");
    }
    await rig.settled();
  });

  it("goes by the databases when the witness does not answer, and calls unknown what only it can tell", async () => {
    const blind = connectTo({
      ...rig.target,
      witness: { ...rig.target.witness, endpoint: "http://127.0.0.1:1" },
    });
    try {
      const seen = await lookAtReadiness(blind);
      expect(red(seen)).to.have.members(["witness", "epochs", "mode", "standby-vouches"]);
      for (const { outcome } of seen.checks.filter(({ name }) => red(seen).includes(name)))
        expect(outcome).to.equal("unknown");
      expect(seen).to.include({ ready: false, role: null });
      expect(seen.exposure.commands).to.equal(null);
    } finally {
      await blind.close();
    }
  });

  for (const { what, meant, related = [], outcome = "fails", told, make, mend } of breakages)
    it(`turns ${meant} red when ${what}, and nothing that it does not concern`, async () => {
      await make(rig);
      try {
        const seen = await rig.lookUntilRed(meant, { outcome, found: told, related });
        const found = seen.checks.find(({ name }) => name === meant);
        expect(seen.holds).to.equal(false);
        expect(seen.ready).to.equal(found?.severity === "warns" && outcome === "fails");
      } finally {
        await mend?.(rig);
      }
      if (mend) await rig.settled();
    });

  it("exits with 1, and says of what does not hold why it matters and how to mend it", async () => {
    const child = spawn(process.execPath, [castle, "readiness", "--target", targetFile()]);
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    const [code] = await once(child, "close");
    expect(code).to.equal(1);
    expect(out).to.match(/^NOT READY /);
    expect(out).to.match(/unknown +database-replication .*\n +wanted: .*\n +why: .*\n +mend: /);
  });
});
