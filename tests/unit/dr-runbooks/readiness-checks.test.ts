import { judgeCacheParity } from "@castle/dr-runbooks/readiness/checks/cache-parity.ts";
import { judgeCacheReplication } from "@castle/dr-runbooks/readiness/checks/cache-replication.ts";
import { COMPARED, judgeDatabaseParity } from "@castle/dr-runbooks/readiness/checks/database-parity.ts";
import {
  judgeReplication,
  type ReplicationFound,
} from "@castle/dr-runbooks/readiness/checks/database-replication.ts";
import { judgeEpochs } from "@castle/dr-runbooks/readiness/checks/epochs.ts";
import { judgeGlobalDatabase } from "@castle/dr-runbooks/readiness/checks/global-database.ts";
import { judgeJournal } from "@castle/dr-runbooks/readiness/checks/journal.ts";
import { judgeMode } from "@castle/dr-runbooks/readiness/checks/mode.ts";
import { judgeVouched } from "@castle/dr-runbooks/readiness/checks/standby-vouches.ts";
import { judgeWitness } from "@castle/dr-runbooks/readiness/checks/witness.ts";
import { type CacheFacts, parseInfo } from "@castle/dr-runbooks/readiness/probe-cache.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { expect } from "chai";
import { judge } from "./support/judge.ts";

const HOME = "eu-west-1";
const PEER = "eu-central-1";
const row = (of: number, region: "eu-west-1" | "eu-central-1" = HOME) => ({ epoch: epoch(of), region });

describe("what readiness makes of what databases, journals and caches say:", () => {
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

  it("of database-replication cannot say while RDS does not", () => {
    const found = { ...streams, received: streams.accepted, peer: PEER, reader: true, replayedSecondsAgo: 1 };
    expect(judgeReplication({ ...found, synchronization: "unknown" }).outcome).to.equal("unknown");
    expect(judgeReplication({ ...found, synchronization: "unknown", reader: false }).outcome).to.equal(
      "fails",
    );
  });

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
