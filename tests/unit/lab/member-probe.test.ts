import { setTimeout as sleep } from "node:timers/promises";
import { MemberProbe } from "@castle/lab/cells/member-probe.ts";
import { expect } from "chai";

const unreachable = { reachability: "unreachable", vitals: null };
const unknown = { reachability: "unknown", vitals: null };
const refusal = new Error("the database system is shutting down");

/** A member whose answers a test gives, or withholds. */
class MemberOfTests {
  process: number | null = 1;
  asked = 0;
  ask: () => Promise<string>;

  constructor(ask: () => Promise<string>) {
    this.ask = ask;
  }

  probe(keptMs = 60_000): MemberProbe<string> {
    return new MemberProbe({
      ask: () => {
        this.asked += 1;
        return this.ask();
      },
      process: () => this.process,
      refuses: (error) => error === refusal,
      soonMs: 5,
      keptMs,
    });
  }
}

const answers = (vitals: string) => ({ reachability: "reachable", vitals });
const silent = () => new Promise<never>(() => undefined);

describe("the probe of a member", () => {
  it("gives its answer", async () => {
    expect(await new MemberOfTests(async () => "well").probe().read()).to.deep.equal(answers("well"));
  });

  it("is unreachable at once, and not asked, while its process does not run", async () => {
    const member = new MemberOfTests(async () => "well");
    const probe = member.probe();
    await probe.read();
    member.process = null;
    expect(await probe.read()).to.deep.equal(unreachable);
    expect(member.asked).to.equal(1);
  });

  it("lets the last answer stand in for a silent one, and calls it unknown when that is too old", async () => {
    const member = new MemberOfTests(async () => "well");
    const [keeps, forgets] = [member.probe(), member.probe(0)];
    await Promise.all([keeps.read(), forgets.read()]);
    member.ask = silent;
    expect(await keeps.read()).to.deep.equal(answers("well"));
    member.ask = () => sleep(1).then(() => Promise.reject(new Error("no answer in time")));
    expect(await forgets.read()).to.deep.equal(unknown);
  });

  it("waits for the first answer as long as asking takes", async () => {
    const probe = new MemberOfTests(() => sleep(50, "late")).probe();
    expect(await probe.read()).to.deep.equal(answers("late"));
  });

  it("does not take the word of a process that is gone for that of the one in its place", async () => {
    const member = new MemberOfTests(async () => "well");
    const probe = member.probe();
    await probe.read();
    member.process = 2;
    member.ask = () => Promise.reject(new Error("no answer in time"));
    expect(await probe.read()).to.deep.equal(unknown);
  });

  it("believes a member that says it does not serve", async () => {
    const member = new MemberOfTests(async () => "well");
    const probe = member.probe();
    await probe.read();
    member.ask = () => Promise.reject(refusal);
    expect(await probe.read()).to.deep.equal(unreachable);
  });

  it("is unreachable when its process ends while it is asked", async () => {
    const member = new MemberOfTests(silent);
    member.ask = () => {
      member.process = null;
      return Promise.reject(new Error("connection reset"));
    };
    expect(await member.probe().read()).to.deep.equal(unreachable);
  });

  it("shows everybody who comes while it is asked the state of after they came, asked for once", async () => {
    let asked = 0;
    const probe = new MemberOfTests(() => sleep(1, `answer ${++asked}`)).probe();
    const read = await Promise.all([probe.read(), probe.read(), probe.read()]);
    expect(read).to.deep.equal([answers("answer 1"), answers("answer 2"), answers("answer 2")]);
  });
});
