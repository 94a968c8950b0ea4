import type { EdgeGroup } from "@castle/dr-runbooks/aws/readiness-edge.ts";
import type { Image } from "@castle/dr-runbooks/aws/readiness-images.ts";
import type { SecretState } from "@castle/dr-runbooks/aws/readiness-secrets.ts";
import { allChecks } from "@castle/dr-runbooks/readiness/all-checks.ts";
import type { Verdict } from "@castle/dr-runbooks/readiness/check.ts";
import { judgeCacheParity } from "@castle/dr-runbooks/readiness/checks/cache-parity.ts";
import { judgeCacheReplication } from "@castle/dr-runbooks/readiness/checks/cache-replication.ts";
import { COMPARED, judgeDatabaseParity } from "@castle/dr-runbooks/readiness/checks/database-parity.ts";
import {
  judgeReplication,
  type ReplicationFound,
} from "@castle/dr-runbooks/readiness/checks/database-replication.ts";
import { judgeEdgeEndpoints } from "@castle/dr-runbooks/readiness/checks/edge-endpoints.ts";
import { judgeEdgeHealth } from "@castle/dr-runbooks/readiness/checks/edge-health.ts";
import { judgeEpochs } from "@castle/dr-runbooks/readiness/checks/epochs.ts";
import { judgeExecutions } from "@castle/dr-runbooks/readiness/checks/executions.ts";
import { judgeGlobalDatabase } from "@castle/dr-runbooks/readiness/checks/global-database.ts";
import { judgeImages } from "@castle/dr-runbooks/readiness/checks/images.ts";
import { judgeJournal } from "@castle/dr-runbooks/readiness/checks/journal.ts";
import { judgeMode } from "@castle/dr-runbooks/readiness/checks/mode.ts";
import { judgeQuotas } from "@castle/dr-runbooks/readiness/checks/quotas.ts";
import { judgeReach } from "@castle/dr-runbooks/readiness/checks/runner-reach.ts";
import { judgeSecrets } from "@castle/dr-runbooks/readiness/checks/secrets.ts";
import { judgeCapacity } from "@castle/dr-runbooks/readiness/checks/standby-capacity.ts";
import { judgeStandbyServices } from "@castle/dr-runbooks/readiness/checks/standby-services.ts";
import { judgeVouched } from "@castle/dr-runbooks/readiness/checks/standby-vouches.ts";
import { judgeWitness } from "@castle/dr-runbooks/readiness/checks/witness.ts";
import { type CacheFacts, parseInfo } from "@castle/dr-runbooks/readiness/probe-cache.ts";
import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { expect } from "chai";
import { labTarget } from "./target-of-tests.ts";

const HOME = "eu-west-1";
const PEER = "eu-central-1";

/** A judgement that takes one object: what holds, and what each change to it comes to. */
function judge<Found extends object>(
  name: string,
  decide: (found: Found) => Verdict,
  good: Found,
  cases: readonly (readonly [what: string, change: Partial<Found>, told: RegExp | null])[],
): void {
  describe(name, () => {
    it("holds when all is as wanted", () => {
      expect(decide(good)).to.include({ outcome: "holds" });
    });
    for (const [what, change, told] of cases)
      it(`${told === null ? "holds" : "fails"} with ${what}`, () => {
        const { outcome, found } = decide({ ...good, ...change });
        expect(outcome).to.equal(told === null ? "holds" : "fails", found);
        if (told !== null) expect(found).to.match(told);
      });
  });
}

const row = (of: number, region: "eu-west-1" | "eu-central-1" = HOME) => ({ epoch: epoch(of), region });

describe("what readiness makes of what it finds:", () => {
  judge("witness", ({ ms }) => judgeWitness(ms, { epoch: 3, activeRegion: HOME }), { ms: 40 }, [
    ["an answer that takes long", { ms: 2_100 }, /took 2\.1 s/],
  ]);

  judge(
    "epochs",
    judgeEpochs,
    {
      record: { epoch: epoch(3), activeRegion: HOME },
      peer: PEER,
      roles: { active: row(3), peer: row(3) },
      journals: { active: 3, peer: 3 },
    },
    [
      ["the active cell's own journal behind", { journals: { active: 0, peer: 3 } }, null],
      [
        "the active cell's own journal ahead",
        { journals: { active: 4, peer: 3 } },
        /eu-west-1 is at epoch 4/,
      ],
      [
        "the peer's journal behind",
        { journals: { active: 3, peer: 2 } },
        /journal in eu-central-1 is at epoch 2/,
      ],
      [
        "the peer's journal ahead",
        { journals: { active: 3, peer: 4 } },
        /journal in eu-central-1 is at epoch 4/,
      ],
      [
        "the peer's role row behind",
        { roles: { active: row(3), peer: row(2, PEER) } },
        /eu-central-1 is at epoch 2/,
      ],
      [
        "the active role row ahead",
        { roles: { active: row(4, PEER), peer: row(3) } },
        /eu-west-1 is at epoch 4/,
      ],
    ],
  );

  judge("mode", judgeMode, { mode: "paired", sinceSeconds: 61, durability: "paired", gate: "open" }, [
    ["solo", { mode: "solo" }, /solo for 1 min 1 s/],
    ["acknowledgements in solo", { durability: "solo" }, /acknowledges solo/],
    ["a gate that is not open", { gate: "cancel-only" }, /gate is cancel-only/],
  ]);

  const streams = { accepted: new Map([["BTCUSDT", 5_000]]) };
  judge(
    "journal",
    ({ accepted, marks, received }) => judgeJournal(accepted, marks, received),
    { ...streams, marks: new Map([["BTCUSDT", 4_990]]), received: new Map([["BTCUSDT", 4_000]]) },
    [
      [
        "an empty journal beside a database that has it all",
        { marks: new Map(), received: streams.accepted },
        null,
      ],
      [
        "more under way than a second brings",
        { marks: new Map([["BTCUSDT", 3_999]]), received: new Map() },
        /lacks 1001/,
      ],
      ["a stream that the peer does not know", { marks: new Map(), received: new Map() }, /5000 of BTCUSDT/],
    ],
  );

  judge(
    "standby-vouches",
    (found) => judgeVouched(found, 3),
    { epoch: 3, secondsAgo: 0.4, sinceStart: true },
    [
      ["a word of another epoch", { epoch: 2 }, /vouched in epoch 2/],
      ["an old word", { secondsAgo: 5.1 }, /5\.1 s old/],
      ["no word since the journal's start", { sinceStart: false }, /nothing since/],
    ],
  );

  judge<ReplicationFound>(
    "database-replication",
    judgeReplication,
    {
      ...{ peer: PEER, reader: true, synchronization: "connected", replayedSecondsAgo: 3_000 },
      ...{ ...streams, received: streams.accepted },
    },
    [
      ["nothing replayed for long, and nothing lacking", { replayedSecondsAgo: null }, null],
      ["a little lag", { received: new Map([["BTCUSDT", 4_900]]), replayedSecondsAgo: 0.2 }, null],
      ["a writer", { reader: false }, /is a writer/],
      ["a member that is not connected", { synchronization: "pending-resync" }, /pending-resync/],
      [
        "many commands lacking",
        { received: new Map([["BTCUSDT", 3_000]]), replayedSecondsAgo: 1 },
        /2000 of BTCUSDT/,
      ],
      ["few commands lacking for long", { received: new Map([["BTCUSDT", 4_999]]) }, /3000\.0 s behind/],
    ],
  );

  const member = { status: "available", engineVersion: "16.4" };
  judge(
    "global-database",
    judgeGlobalDatabase,
    {
      writer: "a",
      movingTo: null,
      wanted: "a",
      members: [
        [HOME, member],
        [PEER, member],
      ],
    },
    [
      ["another writer", { writer: "b" }, /writer is b/],
      ["a handover under way", { movingTo: "b" }, /moving to b/],
      [
        "two versions",
        {
          members: [
            [HOME, member],
            [PEER, { ...member, engineVersion: "16.3" }],
          ],
        },
        /16\.4.*16\.3/,
      ],
      [
        "a member that starts",
        {
          members: [
            [HOME, member],
            [PEER, { ...member, status: "starting" }],
          ],
        },
        /starting/,
      ],
    ],
  );

  const settings = (change: Record<string, string> = {}) =>
    new Map(Object.entries({ ...Object.fromEntries(COMPARED.map((name) => [name, "on"])), ...change }));
  judge(
    "database-parity",
    judgeDatabaseParity,
    {
      database: [settings(), settings()],
      journal: [settings({ work_mem: "1kB" }), settings({ work_mem: "1kB" })],
    },
    [
      ...COMPARED.map(
        (name) =>
          [
            `another ${name}`,
            { journal: [settings(), settings({ [name]: "other" })] },
            new RegExp(`journal: ${name} is on`),
          ] as const,
      ),
      ["a setting that is not told", { database: [settings(), new Map()] }, /not told/],
      [
        "commits that may be forgotten, in both",
        { journal: [settings({ synchronous_commit: "off" }), settings({ synchronous_commit: "off" })] },
        /may be forgotten/,
      ],
    ],
  );

  const primary: CacheFacts = {
    role: "master",
    replicationId: "h",
    offset: 900,
    link: null,
    version: "7",
    evictionPolicy: "noeviction",
  };
  const replica: CacheFacts = {
    ...primary,
    role: "slave",
    offset: 800,
    link: { up: true, heardSecondsAgo: 1 },
  };
  judge(
    "cache-replication",
    judgeCacheReplication,
    { active: primary, peer: replica, datastore: { primary: "g", status: "available" }, group: "g" },
    [
      ["a peer on its own", { peer: primary }, /primary of its own/],
      [
        "the link down",
        { peer: { ...replica, link: { up: false, heardSecondsAgo: -1 } } },
        /lost its primary/,
      ],
      ["another history", { peer: { ...replica, replicationId: "i" } }, /another history/],
      ["much lacking", { active: { ...primary, offset: 20_000_000 } }, /bytes behind/],
      [
        "a silent primary",
        { peer: { ...replica, link: { up: true, heardSecondsAgo: 16 } } },
        /nothing for 16 s/,
      ],
      ["an active replica", { active: replica }, /active cell's cache is a replica/],
      ["another primary", { datastore: { primary: "other", status: "available" } }, /primary is other/],
      ["a datastore that changes", { datastore: { primary: "g", status: "modifying" } }, /modifying/],
    ],
  );
  judge(
    "cache-parity",
    ({ active, peer }) => judgeCacheParity(active, peer),
    { active: primary, peer: replica },
    [
      ["two versions", { peer: { ...replica, version: "6" } }, /Redis 7, in the peer 6/],
      [
        "a peer that evicts",
        { peer: { ...replica, evictionPolicy: "allkeys-lru" } },
        /allkeys-lru in the peer/,
      ],
      [
        "an active cell that evicts",
        { active: { ...primary, evictionPolicy: "allkeys-lru" } },
        /in the active cell/,
      ],
    ],
  );

  const group: EdgeGroup = {
    ...{ endpoint: { weight: 128, health: "HEALTHY" }, strangers: [], dial: 100 },
    ...{ protocol: "TCP", path: null, interval: seconds(10), threshold: 3 },
  };
  const edge = (change: Partial<EdgeGroup>) => ({
    groups: [
      [HOME, group],
      [PEER, { ...group, ...change }],
    ] as const,
  });
  judge("edge-endpoints", ({ groups }) => judgeEdgeEndpoints(groups), edge({}), [
    [
      "the standby at weight 0",
      edge({ endpoint: { weight: 0, health: "HEALTHY" } }),
      /eu-central-1 has weight 0/,
    ],
    ["an endpoint that is gone", edge({ endpoint: null }), /taken out/],
    ["a stranger", edge({ strangers: ["else"] }), /leads to else/],
    ["a dial turned down", edge({ dial: 50 }), /50 %/],
    ["another health path", edge({ protocol: "HTTP", path: "/" }), /asked at \//],
    ["another interval", edge({ interval: seconds(30) }), /health checks differ/],
    ["health noticed late", edge({ interval: seconds(30), threshold: 4 }), /after 120 s/],
  ]);
  judge(
    "edge-health",
    ({ active, peer }) => judgeEdgeHealth([HOME, active], [PEER, peer]),
    { active: "HEALTHY", peer: "UNHEALTHY" },
    [
      ["the active cell red", { active: "UNHEALTHY" }, /eu-west-1, which is active, is UNHEALTHY/],
      ["both cells green", { peer: "HEALTHY" }, /it is standby/],
      ["an endpoint that is gone", { active: "absent" }, /is absent/],
    ],
  );

  const running = [
    "order-gateway-0",
    "order-gateway-1",
    "order-gateway-1 acceptance",
    "matching-engine-0",
    "market-data-0",
  ];
  judge(
    "standby-services",
    ({ active, peer }) => judgeStandbyServices(active, peer),
    { active: running, peer: running.filter((name) => !name.includes(" ")) },
    [
      [
        "a gateway too few",
        { peer: running.slice(1).map((name) => name.replace("-1", "-0")) },
        /1 of order-gateway, in the active cell 2/,
      ],
      ["no engine", { peer: running.filter((name) => !name.startsWith("matching")) }, /0 of matching-engine/],
      ["none in either", { active: [], peer: [] }, /0 of order-gateway/],
    ],
  );
  judge(
    "standby-capacity",
    ({ active, peer }) => judgeCapacity(active, peer),
    { active: { most: 100, used: 40 }, peer: { most: 100, used: 50 } },
    [
      [
        "too few connections free",
        { peer: { most: 100, used: 51 } },
        /49 connections free of 100, 50 needed/,
      ],
    ],
  );

  const done = { id: "failover-2", finished: { kind: "finished", at: 1, outcome: "done" } } as const;
  judge(
    "executions",
    ({ known, writable }) => judgeExecutions(known, { folder: "/runs", writable }),
    { known: [done] as { id: string; finished: typeof done.finished | null }[], writable: true },
    [
      ["one unfinished", { known: [done, { id: "failover-3", finished: null }] }, /unfinished: failover-3$/],
      ["a folder that cannot be written", { writable: false }, /\/runs cannot be written/],
    ],
  );

  const target = labTarget();
  const apart = {
    witness: target.witness,
    cells: {
      [HOME]: {
        ...target.cells[HOME],
        databaseUrl: "postgres://a:1/c",
        journalUrl: "postgres://a:2/j",
        redisUrl: "redis://a:3",
      },
      [PEER]: target.cells[PEER],
    },
  };
  const moved = (region: typeof HOME | typeof PEER, change: object) => ({
    cells: { ...apart.cells, [region]: { ...apart.cells[region], ...change } },
  });
  judge("runner-reach", judgeReach, apart, [
    [
      "the witness beside a cell",
      { witness: { ...apart.witness, region: PEER } },
      /witness is in eu-central-1/,
    ],
    [
      "a server of the other region",
      moved(PEER, { databaseUrl: `postgres://c.${HOME}.rds.amazonaws.com/c` }),
      /databaseUrl of eu-central-1 leads to eu-west-1/,
    ],
    [
      "a cluster of the other region",
      moved(PEER, { clusterArn: target.cells[HOME].clusterArn }),
      /clusterArn of eu-central-1 is in eu-west-1/,
    ],
    [
      "one journal for both",
      moved(HOME, { journalUrl: target.cells[PEER].journalUrl }),
      /journalUrl is the same/,
    ],
  ]);

  const image = (digest: string, pushedAt: number): Image => ({ digest, tags: [`t${pushedAt}`], pushedAt });
  judge(
    "images",
    ({ active, peer }) => judgeImages([{ name: "castle/order-gateway", active, peer }]),
    { active: [image("b", 2), image("a", 1)], peer: [image("b", 3)] } as {
      active: Image[] | null;
      peer: Image[] | null;
    },
    [
      [
        "the newest one missing",
        { peer: [image("a", 1)] },
        /newest image of castle\/order-gateway \(t2\) is not/,
      ],
      ["no repository in the peer", { peer: null }, /no repository in the peer/],
      ["an empty repository", { active: [] }, /holds no image/],
    ],
  );

  const secret: SecretState = { current: "v2", beingDeleted: false, replicas: new Map() };
  const held = (ofHome: SecretState | null, ofPeer: SecretState | null) => ({
    regions: new Map([[HOME, ofHome] as const, [PEER, ofPeer] as const]),
  });
  judge(
    "secrets",
    ({ regions }) => judgeSecrets([{ name: "castle/seal-key", regions }]),
    held({ ...secret, replicas: new Map([[PEER, "InSync"]]) }, secret),
    [
      ["one missing", held(secret, null), /castle\/seal-key is not in eu-central-1/],
      ["an older version", held(secret, { ...secret, current: "v1" }), /two versions/],
      [
        "a replica that failed",
        held({ ...secret, replicas: new Map([[PEER, "Failed"]]) }, secret),
        /is Failed/,
      ],
      ["one on its way out", held(secret, { ...secret, beingDeleted: true }), /being deleted/],
      ["one without a value", held(secret, { ...secret, current: null }), /no value in eu-central-1/],
    ],
  );

  const quota = (value: number) => ({ name: "DB clusters", value });
  judge(
    "quotas",
    (found) => judgeQuotas([found]),
    { code: "rds L-1", least: 40, active: quota(50), peer: quota(50) } as Parameters<
      typeof judgeQuotas
    >[0][number],
    [
      ["less than the active region", { peer: quota(49) }, /49 in the peer, 50 needed/],
      ["less than is asked", { least: 60 }, /60 needed/],
      ["none told", { peer: undefined }, /not told in the peer/],
    ],
  );
});

describe("what Redis tells of itself", () => {
  const lines = ["# Server", "redis_version:7.0.15", "maxmemory_policy:noeviction", "master_replid:abc"];
  it("is read as a replica's", () => {
    const info = [
      ...lines,
      "role:slave",
      "master_link_status:down",
      "master_last_io_seconds_ago:-1",
      "slave_repl_offset:7",
    ];
    expect(parseInfo(info.join("\r\n"))).to.deep.equal({
      ...{ role: "slave", replicationId: "abc", offset: 7, version: "7.0.15", evictionPolicy: "noeviction" },
      link: { up: false, heardSecondsAgo: -1 },
    });
  });
  it("is refused when it is not all there", () => {
    expect(() => parseInfo(lines.join("\r\n"))).to.throw(/no role in INFO/);
  });
});

describe("every check", () => {
  it("has a name of its own, says why it matters in a sentence, how it is mended, and has a deadline under a minute", () => {
    expect(new Set(allChecks.map(({ name }) => name)).size).to.equal(allChecks.length);
    for (const { name, why, mend, deadline } of allChecks) {
      expect(why, name).to.match(/^[A-Z].{20,}\.$/);
      expect(mend, name).to.match(/^.{20,}\.$/);
      expect(deadline.ms, name).to.be.within(1_000, 60_000);
    }
  });
});
