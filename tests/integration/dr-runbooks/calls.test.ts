import { awsClients } from "@castle/dr-runbooks/clients.ts";
import { perform } from "@castle/dr-runbooks/engine/perform.ts";
import { type Runbook, stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Call, Step } from "@castle/dr-runbooks/engine/step.ts";
import { type Handover, handoverCell } from "@castle/dr-runbooks/handover.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { switchover } from "@castle/dr-runbooks/runbooks/switchover.ts";
import { promoteCache } from "@castle/dr-runbooks/steps/promote-cache.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { expect } from "chai";
import { LossyPath } from "../witness/witness-server.ts";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";
import { pairWhenOpen } from "./support/pair-when-open.ts";

const tell = ({ service, operation, in: where }: Omit<Call, "reads">): string =>
  `${service}:${operation} in ${where}`;

/** What was made and not told, and what was told to change something and was not made. */
function lies(step: Pick<Step<Handover>, "name" | "calls">, made: ReadonlySet<string>): string[] {
  const told = step.calls ?? [];
  const names = new Set(told.map(tell));
  return [
    ...[...made].filter((call) => !names.has(call)).map((call) => `${step.name} does not tell ${call}`),
    ...told
      .filter((call) => !call.reads && !made.has(tell(call)))
      .map((call) => `${step.name} tells ${tell(call)} and does not make it`),
  ];
}

/** The calls that steps tell, against the requests that reach AWS while each of them runs. */
describe("the calls that a step tells", function () {
  this.timeout(30_000);
  let rig: HandoverRig;
  let toWitness: LossyPath;
  before(async () => {
    rig = await HandoverRig.start({ home: "alive" });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    // Left by a former failover; so that both edge steps have something to do.
    rig.aws.weights.set(PEER, 0);
    toWitness = await LossyPath.to(rig.target.witness.endpoint ?? "");
  });
  afterEach(() => toWitness.close());

  /** Everything asked of AWS since the last time this was called. */
  function made(): Set<string> {
    const regions: Readonly<Record<string, Call["in"]>> = {
      [PEER]: "target",
      [HOME]: "old",
      "us-west-2": "accelerator",
    };
    const calls = new Set(
      rig.requests.map(({ service, operation, region }) => {
        const where = regions[region ?? ""] ?? region;
        return `${service}:${operation} in ${where}`;
      }),
    );
    for (const operation of toWitness.seen) calls.add(`dynamodb:${operation} in witness`);
    rig.requests.length = 0;
    toWitness.seen.length = 0;
    return calls;
  }

  /** Performs the steps one after the other, those that could run beside each other too. @returns the lies told */
  async function performAll(
    runbook: Runbook<Handover>,
    kind: "failover" | "switchover",
    steps: readonly Step<Handover>[],
  ): Promise<string[]> {
    const aws = awsClients(rig.target);
    const witness = new DynamoWitness({ ...rig.target.witness, endpoint: toWitness.endpoint });
    const context: Handover = {
      id: `${runbook.name}-2`,
      plan: { kind, from: HOME, to: PEER, epoch: epoch(2), consentToLoss: false, continues: null },
      resumed: false,
      witness,
      from: handoverCell(rig.target, HOME, aws),
      to: handoverCell(rig.target, PEER, aws),
    };
    const found: string[] = [];
    try {
      for (const step of steps) {
        made();
        const result = await perform(step, context);
        expect("error" in result ? result.error.message : "done", step.name).to.equal("done");
        found.push(...lies(step, made()));
      }
    } finally {
      witness.close();
      aws.close();
      await Promise.all([context.from.cell.close(), context.to.cell.close()]);
    }
    return found;
  }

  it("in a failover are those that reach AWS", async () => {
    expect(await performAll(failover, "failover", stepsOf(failover))).to.deep.equal([]);
  });

  it("in a switchover are those that reach AWS", async () => {
    const gateways = pairWhenOpen(rig);
    try {
      expect(await performAll(switchover, "switchover", stepsOf(switchover))).to.deep.equal([]);
    } finally {
      await gateways.stop();
    }
  });

  it("are found out when one is missing, and when one is made up", async () => {
    const silent = { ...promoteCache, calls: [] };
    const boasting: Step<Handover> = {
      ...promoteCache,
      name: "promote-cache-again",
      calls: [
        ...(promoteCache.calls ?? []),
        { service: "rds", operation: "DeleteGlobalCluster", in: "old", reads: false },
      ],
    };
    expect(await performAll(failover, "failover", [silent, boasting])).to.include.members([
      "promote-cache does not tell elasticache:FailoverGlobalReplicationGroup in target",
      "promote-cache-again tells rds:DeleteGlobalCluster in old and does not make it",
    ]);
  });
});
