import type { Image } from "@castle/dr-runbooks/aws/readiness-images.ts";
import type { SecretState } from "@castle/dr-runbooks/aws/readiness-secrets.ts";
import { allChecks } from "@castle/dr-runbooks/readiness/all-checks.ts";
import { judgeExecutions } from "@castle/dr-runbooks/readiness/checks/executions.ts";
import { judgeImages } from "@castle/dr-runbooks/readiness/checks/images.ts";
import { judgeQuotas } from "@castle/dr-runbooks/readiness/checks/quotas.ts";
import { judgeReach } from "@castle/dr-runbooks/readiness/checks/runner-reach.ts";
import { judgeSecrets } from "@castle/dr-runbooks/readiness/checks/secrets.ts";
import { expect } from "chai";
import { judge } from "./support/judge.ts";
import { labTarget } from "./target-of-tests.ts";

const HOME = "eu-west-1";
const PEER = "eu-central-1";

describe("what readiness makes of what a handover needs besides:", () => {
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
