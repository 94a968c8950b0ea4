import { DescribeGlobalReplicationGroupsCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { describeCache } from "@castle/dr-runbooks/aws/calls.ts";
import { awsClients } from "@castle/dr-runbooks/clients.ts";
import { perform } from "@castle/dr-runbooks/engine/perform.ts";
import { type Runbook, stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Call, Step } from "@castle/dr-runbooks/engine/step.ts";
import { type Handover, handoverCell } from "@castle/dr-runbooks/handover.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { switchover } from "@castle/dr-runbooks/runbooks/switchover.ts";
import { promoteCache } from "@castle/dr-runbooks/steps/promote-cache.ts";
import { HeardCalls } from "@castle/regions/calls/heard.ts";
import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { labCredentials } from "@castle/regions/loopback.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { expect } from "chai";
import { LossyPath, REGION } from "../witness/witness-server.ts";
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

/** What reached AWS and was not heard of, or was heard of and did not reach it. */
function unheard(during: string, onTheWire: readonly string[], heard: readonly string[]): string[] {
  const left = [...heard];
  const secret = onTheWire.filter((call) => {
    const at = left.indexOf(call);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [
    ...secret.map((call) => `${during} makes ${call}, and nobody hears of it`),
    ...left.map((call) => `${during} is heard to make ${call}, and does not`),
  ];
}

/** The calls that steps tell, against the requests that reach AWS while each of them runs. */
describe("the calls that a step tells", () => {
  let rig: HandoverRig;
  let toWitness: LossyPath;
  before(async () => {
    rig = await HandoverRig.start({ home: "alive", clusters: true });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    // Left by a former failover; so that both edge steps have something to do.
    rig.aws.weights.set(PEER, 0);
    toWitness = await LossyPath.to(rig.target.witness.endpoint ?? "");
  });
  afterEach(() => toWitness.close());

  /** Where a region is, seen from the runbook. */
  const placeOf = (region: string | null): string =>
    ({ [PEER]: "target", [HOME]: "old", "us-west-2": "accelerator", [REGION]: "witness" })[region ?? ""] ??
    `${region}`;

  /** Everything asked of AWS since the last time this was called, as often as it was. */
  function made(): string[] {
    const calls = [
      ...rig.requests.map(
        ({ service, operation, region }) => `${service}:${operation} in ${placeOf(region)}`,
      ),
      ...toWitness.seen.map((operation) => `dynamodb:${operation} in witness`),
    ];
    rig.requests.length = 0;
    toWitness.seen.length = 0;
    return calls;
  }

  /**
   * Performs the steps one after the other, those that could run beside each other too.
   * @returns the lies told: by the steps, and by the calls that were heard beside those on the wire
   */
  async function performAll(
    runbook: Runbook<Handover>,
    kind: "failover" | "switchover",
    steps: readonly Step<Handover>[],
  ): Promise<string[]> {
    const aws = awsClients(rig.target);
    const witness = new DynamoWitness({ ...rig.target.witness, endpoint: toWitness.endpoint });
    const context: Handover = {
      id: `${runbook.name}-2`,
      plan: {
        kind,
        from: HOME,
        to: PEER,
        epoch: epoch(2),
        consentToLoss: false,
        hold: false,
        continues: null,
      },
      resumed: false,
      witness,
      isApproved: () => false,
      exposure: () => Promise.reject(new Error("nobody asks what may be lost")),
      from: handoverCell(rig.target, HOME, aws),
      to: handoverCell(rig.target, PEER, aws),
    };
    const found: string[] = [];
    const heard: string[] = [];
    const calls = new HeardCalls();
    calls.tellTo(({ service, operation, region }) =>
      heard.push(`${service}:${operation} in ${placeOf(region)}`),
    );
    try {
      for (const step of steps) {
        made();
        heard.length = 0;
        const result = await calls.during(step.name, () => perform(step, context));
        expect("error" in result ? result.error.message : "done", step.name).to.equal("done");
        const onTheWire = made();
        found.push(...lies(step, new Set(onTheWire)), ...unheard(step.name, onTheWire, heard));
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

  it("are found out when nobody hears of one", async () => {
    const bypassing: Step<Handover> = {
      name: "bypass",
      purpose: "Asks for the cache with a client of its own.",
      timeout: seconds(5),
      calls: [describeCache],
      run: async () => {
        const bare = new ElastiCacheClient({
          region: PEER,
          endpoint: rig.target.awsEndpoint ?? "",
          credentials: labCredentials,
        });
        await bare.send(new DescribeGlobalReplicationGroupsCommand({}));
        bare.destroy();
      },
    };
    expect(await performAll(failover, "failover", [bypassing])).to.deep.equal([
      "bypass makes elasticache:DescribeGlobalReplicationGroups in target, and nobody hears of it",
    ]);
  });
});
