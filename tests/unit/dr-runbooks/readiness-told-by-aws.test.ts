import type { Told } from "@castle/dr-runbooks/aws/lag-metrics.ts";
import type { MemberBackups } from "@castle/dr-runbooks/aws/readiness-backups.ts";
import { judgeAlarms } from "@castle/dr-runbooks/readiness/checks/alarms.ts";
import { type BackupsFound, judgeBackups } from "@castle/dr-runbooks/readiness/checks/backups.ts";
import { judgeCertificates, judgeRenewal } from "@castle/dr-runbooks/readiness/checks/certificates.ts";
import {
  type BucketFound,
  judgeEvidence,
  type Latest,
} from "@castle/dr-runbooks/readiness/checks/evidence.ts";
import { judgeTopics } from "@castle/dr-runbooks/readiness/checks/handover-topics.ts";
import { judgeMetrics, type MetricsFound } from "@castle/dr-runbooks/readiness/checks/replication-metrics.ts";
import type { CellCertificates } from "@castle/dr-runbooks/readiness/probe-certificates.ts";
import { judge } from "./support/judge.ts";

const HOME = "eu-west-1";
const PEER = "eu-central-1";
const at = Date.UTC(2026, 0, 1);
const inDays = (days: number): number => at + days * 86_400_000;

describe("what readiness makes of what AWS tells of the peer:", () => {
  const database: Told = { value: 120, secondsAgo: 40 };
  const cache: Told = { value: 1, secondsAgo: 40 };
  judge(
    "replication-metrics",
    judgeMetrics,
    { told: { database, cache }, seen: { database: 0, cache: 1 } } as MetricsFound,
    [
      ["no lag of the database", { told: { database: null, cache } }, /AuroraGlobalDBReplicationLag has not/],
      ["no lag of the cache", { told: { database, cache: null } }, /GlobalDatastoreReplicationLag has not/],
      [
        "a lag that was told long ago",
        { told: { database: { ...database, secondsAgo: 600 }, cache } },
        /told last 10 minutes ago/,
      ],
      [
        "a lag that the server does not show",
        { told: { database: { value: 200_000, secondsAgo: 0 }, cache } },
        /tells 200\.0 s, and the servers 0\.0 s/,
      ],
      ["a lag that CloudWatch does not tell", { seen: { database: 300, cache: 1 } }, /the servers 300\.0 s/],
      ["an older figure of a lag that grew since", { seen: { database: 99, cache: 1 } }, null],
      ["servers that do not answer", { seen: { database: null, cache: null } }, null],
    ],
  );

  const safeguards = { objectLock: true, versioning: true };
  const latest = { id: "failover-2", lines: 7 };
  const buckets = (peer: Partial<BucketFound>) => ({
    found: [
      { region: HOME, safeguards, there: 7 },
      { region: PEER, safeguards, there: 7, ...peer },
    ] as const,
  });
  judge(
    "evidence",
    ({ found, latest: last }: { found: readonly BucketFound[]; latest: Latest | null }) =>
      judgeEvidence(found, last),
    { ...buckets({}), latest } as { found: readonly BucketFound[]; latest: Latest | null },
    [
      ["nothing recorded yet", { latest: null, ...buckets({ there: 0 }) }, null],
      ["no bucket in one region", buckets({ safeguards: null }), /names no bucket in eu-central-1/],
      [
        "a bucket without Object Lock",
        buckets({ safeguards: { objectLock: false, versioning: true } }),
        /eu-central-1 has no Object Lock/,
      ],
      [
        "a bucket without versions",
        buckets({ safeguards: { objectLock: true, versioning: false } }),
        /eu-central-1 keeps no versions/,
      ],
      [
        "a latest record that is not complete there",
        buckets({ there: 6 }),
        /eu-central-1 has 6 of 7 lines of failover-2/,
      ],
    ],
  );

  judge(
    "alarms",
    ({ goneOff }) => judgeAlarms(goneOff, at),
    { goneOff: [] as Parameters<typeof judgeAlarms>[0] },
    [
      [
        "one that has gone off",
        { goneOff: [{ name: "castle-x", reason: "Threshold Crossed", since: at - 90_000 }] },
        /^castle-x is in ALARM for 1 min 30 s: Threshold Crossed$/,
      ],
    ],
  );

  judge(
    "handover-topics",
    ({ there }) =>
      judgeTopics([
        { region: HOME, there: true },
        { region: PEER, there },
      ]),
    { there: true },
    [["none in the peer", { there: false }, /^eu-central-1 has no topic/]],
  );

  const backedUp = (own: Partial<MemberBackups> = {}): MemberBackups => ({
    ...{ keptDays: 7, latest: at - 120_000, snapshots: [] },
    ...own,
  });
  const backupsOf = (peer: Partial<MemberBackups>) => ({
    members: new Map([
      [HOME, backedUp()],
      [PEER, backedUp(peer)],
    ] as const),
  });
  const tail = {
    ...{
      identifier: "rds:unplanned-global-failover-castle",
      arn: "arn:tail",
      type: "automated",
      copyOf: null,
    },
    createdAt: inDays(-6.5),
  };
  const copy = { ...tail, identifier: "kept", arn: "arn:kept", type: "manual", copyOf: "arn:tail" };
  judge(
    "backups",
    judgeBackups,
    { wanted: { keptDays: 7, freshMinutes: 15 }, peer: PEER, at, ...backupsOf({}) } as BackupsFound,
    [
      ["a day's retention", backupsOf({ keptDays: 1 }), /in eu-central-1 are kept for 1 days/],
      ["nothing to restore", backupsOf({ latest: null }), /eu-central-1 can be restored to no moment/],
      ["a last moment long ago", backupsOf({ latest: inDays(-1) }), /restored to is 1 d 0 h ago/],
      [
        "an old writer's tail that goes",
        backupsOf({ snapshots: [tail] }),
        /kept for 12\.0 h more and has no copy/,
      ],
      ["a copy of that", backupsOf({ snapshots: [tail, copy] }), null],
      [
        "a copy of something else",
        backupsOf({ snapshots: [tail, { ...copy, copyOf: "arn:x" }] }),
        /has no copy/,
      ],
    ],
  );

  const issued = (days: number, domain = "api.castle.test") => ({
    domains: [domain],
    notAfter: inDays(days),
  });
  const cell = (own: Partial<CellCertificates> = {}): CellCertificates => ({
    ...{ issued: [issued(300)], servers: new Map() },
    ...own,
  });
  const both = (peer: Partial<CellCertificates>) => ({
    cells: new Map([
      [HOME, cell()],
      [PEER, cell(peer)],
    ] as const),
  });
  const good = { domains: ["api.castle.test"], at, ...both({}) };
  judge("certificates", judgeCertificates, good, [
    ["none in the peer", both({ issued: [] }), /eu-central-1 has no certificate for api/],
    ["one for another name", both({ issued: [issued(300, "x.test")] }), /no certificate for api/],
    ["six days left", both({ issued: [issued(6)] }), /api\.castle\.test in eu-central-1 ends in 6\.0 days/],
    ["seven days left", both({ issued: [issued(7)] }), null],
    ["one that has ended", both({ issued: [issued(-1)] }), /has ended/],
    ["an old one beside the one that came after it", both({ issued: [issued(2), issued(300)] }), null],
    [
      "a server's own about to end",
      both({ servers: new Map([["journal", inDays(1)]]) }),
      /the journal in eu-central-1 ends in 1\.0 days/,
    ],
  ]);
  judge("certificate-renewal", judgeRenewal, good, [
    ["29 days left", both({ issued: [issued(29)] }), /ends in 29\.0 days/],
    ["30 days left", both({ issued: [issued(30)] }), null],
    ["so few days left that the other check tells", both({ issued: [issued(6)] }), null],
    ["a server's own within the month", both({ servers: new Map([["cache", inDays(10)]]) }), /the cache in/],
  ]);
});
