import { setTimeout as sleep } from "node:timers/promises";
import { claimExecution, ExecutionClaimed } from "@castle/dr-runbooks/engine/claim-execution.ts";
import type { ClaimWitness, LeaseTimes } from "@castle/dr-runbooks/engine/held-claim.ts";
import { ClaimLost } from "@castle/dr-runbooks/engine/mandate.ts";
import { defineRunbook } from "@castle/dr-runbooks/engine/runbook.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import { after as stateAfter, stateOf } from "@castle/dr-runbooks/engine/state.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { milliseconds, seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";
import { expect } from "chai";
import fc from "fast-check";
import { first, LossyPath, REGION, WitnessServer } from "./witness-server.ts";

const STEPS = 5;
/** A few times shorter than the real ones; the margin is longer than a busy machine leaves a process waiting. */
const times: LeaseTimes = {
  lease: milliseconds(1_000),
  margin: milliseconds(300),
  renewedEvery: milliseconds(150),
  patience: milliseconds(1_500),
};

/** As long as a test: nobody renews, and nobody is out of time. */
const longLease: LeaseTimes = { ...times, lease: seconds(60), renewedEvery: seconds(60) };

/** Somebody at a machine of his own, who begins an execution, and whose line to the witness may fall silent. */
interface Operator {
  readonly runbook: "failover" | "switchover" | "isolate";
  readonly beginsAfterMs: number;
  readonly stepMs: number;
  /** From the first act on; null: never. */
  readonly silentForMs: number | null;
}

/** How a round is played where that must not be left to chance. */
interface Direction {
  readonly times: LeaseTimes;
  readonly broken: (witness: ClaimWitness) => ClaimWitness;
  /** Before the operator begins, and before each of his acts. */
  readonly begins: (who: number) => Promise<unknown>;
  readonly looks: (who: number, nth: number) => Promise<unknown>;
}

const operators: fc.Arbitrary<readonly Operator[]> = fc.array(
  fc.record({
    runbook: fc.constantFrom("failover" as const, "switchover" as const, "isolate" as const),
    beginsAfterMs: fc.integer({ min: 0, max: 400 }),
    stepMs: fc.integer({ min: 1, max: 200 }),
    silentForMs: fc.option(fc.integer({ min: 200, max: 2_000 }), { freq: 2 }),
  }),
  { minLength: 2, maxLength: 4 },
);

describe("executions that are begun on several machines", () => {
  let server: WitnessServer;
  before(async () => {
    server = await WitnessServer.start();
  });
  after(() => server.stop());

  /** Lets all begin. @returns who acted, act by act, and what became of each */
  async function play(
    all: readonly Operator[],
    direction: Partial<Direction> = {},
  ): Promise<{ acts: number[]; ends: string[] }> {
    const { table } = await server.holding(first("paired"));
    const acts: number[] = [];
    const ends = await Promise.all(
      all.map(async (operator, who) => {
        const path = await LossyPath.to(server.endpoint);
        const witness = new DynamoWitness({
          ...{ table, region: REGION, endpoint: path.endpoint, timeout: milliseconds(500) },
        });
        const { broken = () => witness, begins = () => sleep(operator.beginsAfterMs) } = direction;
        try {
          await begins(who);
          return await carryOut(operator.runbook, broken(witness), direction.times ?? times, {
            look: async (nth) => {
              await (direction.looks?.(who, nth) ?? sleep(operator.stepMs));
            },
            act: (nth) => {
              if (nth === 0 && operator.silentForMs !== null) silence(path, operator.silentForMs);
              acts.push(who);
            },
          });
        } finally {
          witness.close();
          await path.close();
        }
      }),
    );
    return { acts, ends };
  }

  function silence(path: LossyPath, forMs: number): void {
    path.fate = () => "request-lost";
    setTimeout(() => {
      path.fate = () => "passes";
    }, forMs);
  }

  /** What an operator's command does, with steps that only tell that they acted. */
  async function carryOut(
    name: Operator["runbook"],
    witness: ClaimWitness,
    leased: LeaseTimes,
    { look, act }: { look: (nth: number) => Promise<void>; act: (nth: number) => void },
  ): Promise<string> {
    const steps = Array.from(
      { length: STEPS },
      (_, nth): Step<null> => ({
        name: `step-${nth}`,
        purpose: "Acts.",
        timeout: seconds(10),
        isDone: async () => {
          await look(nth);
          return false;
        },
        run: async () => act(nth),
      }),
    );
    const runbook = defineRunbook({
      ...{ name, purpose: "Acts.", parts: steps },
      pointOfNoReturn: { step: "step-0", notPassedWhen: () => false },
    });
    const request = { execution: name, runbook: name, epoch: epoch(1), begins: null };
    const claim = await claimExecution(witness, request, { times: leased }).catch((error: unknown) => error);
    if (claim instanceof ExecutionClaimed || claim instanceof WitnessUnreachable) return claim.name;
    if (claim instanceof Error) throw claim;
    const mandate = claim as Awaited<ReturnType<typeof claimExecution>>;
    let state = stateOf([{ kind: "started", at: 1, id: name, runbook: name, plan: {} }]);
    const record = {
      get state() {
        return state;
      },
      append: async (event: Parameters<typeof stateAfter>[1]) => {
        state = stateAfter(state, event);
      },
    };
    const ended = await run({ runbook, context: null, record, mandate }).finally(() => mandate.release());
    if ("error" in ended) expect(ended.error).to.be.instanceOf(ClaimLost);
    return ended.outcome;
  }

  /** Whether somebody acted after another had begun to act behind them. */
  const interleaved = (acts: readonly number[]): boolean => {
    const blocks = acts.filter((who, index) => who !== acts[index - 1]);
    return new Set(blocks).size < blocks.length;
  };

  const slow = (runbook: Operator["runbook"]): Operator => ({
    ...{ runbook, beginsAfterMs: runbook === "failover" ? 100 : 0, stepMs: 300, silentForMs: null },
  });

  it("never interleave, whoever falls silent, is frozen out, or is asked to make room", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(operators, async (all) => {
        const { acts, ends } = await play(all);
        for (const end of ends) seen.add(end);
        expect(interleaved(acts), `acts of ${acts}; ${ends}`).to.equal(false);
        expect(acts.length, "somebody acts").to.be.greaterThan(0);
      }),
      {
        numRuns: 8,
        examples: [[[slow("switchover"), slow("failover")]], [[slow("failover"), slow("failover")]]],
      },
    );
    expect([...seen], "they did meet").to.include.members(["done", "stopped", "ExecutionClaimed"]);
  });

  it("would interleave, were another's lease ignored", async () => {
    const blind = (witness: ClaimWitness): ClaimWitness => ({
      read: () => witness.read(),
      claims: {
        replace: (found, claim) => witness.claims.replace(found, claim),
        read: async () => {
          const found = await witness.claims.read();
          return found?.claim ? { ...found, claim: { ...found.claim, released: true } } : found;
        },
      },
    });
    const acted = Promise.withResolvers<void>();
    const other = Promise.withResolvers<void>();
    const one = { runbook: "switchover", beginsAfterMs: 0, stepMs: 0, silentForMs: null } as const;
    const { acts } = await play([one, one], {
      ...{ times: longLease, broken: blind },
      begins: async (who) => who === 0 || acted.promise,
      looks: async (who, nth) => {
        if (nth === 0) return;
        if (who === 1) return other.resolve();
        acted.resolve();
        await other.promise;
      },
    });
    expect(interleaved(acts), `acts of ${acts}`).to.equal(true);
  });
});
