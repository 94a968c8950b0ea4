import { DelayLine } from "@castle/lab/link/delay-line.ts";
import { expect } from "chai";
import fc from "fast-check";

function drain<T>(line: DelayLine<T>, now: number): T[] {
  const arrived: T[] = [];
  for (let next = line.receive(now); next !== undefined; next = line.receive(now)) arrived.push(next);
  return arrived;
}

describe("a line with a delay", () => {
  it("holds a thing for its delay, and no longer", () => {
    const line = new DelayLine<string>();
    line.send("a", 100, 10);
    expect(line.nextDueAt).to.equal(110);
    expect(drain(line, 109.9)).to.deep.equal([]);
    expect(drain(line, 110)).to.deep.equal(["a"]);
    expect(line.isEmpty).to.equal(true);
    expect(line.nextDueAt).to.equal(null);
  });

  it("lets nothing overtake when the delay becomes shorter", () => {
    const line = new DelayLine<string>();
    line.send("slow", 0, 50);
    line.send("fast", 1, 5);
    expect(drain(line, 49)).to.deep.equal([]);
    expect(drain(line, 50)).to.deep.equal(["slow", "fast"]);
  });

  it("keeps order and delay whatever is sent and whenever one looks", () => {
    const sent = fc.array(fc.record({ wait: fc.nat(20), delay: fc.nat(30) }), { maxLength: 50 });
    fc.assert(
      fc.property(sent, fc.integer({ min: 1, max: 25 }), (things, step) => {
        const line = new DelayLine<number>();
        const sentAt: number[] = [];
        let now = 0;
        const arrived: { thing: number; at: number }[] = [];
        const look = (): void => {
          for (const thing of drain(line, now)) arrived.push({ thing, at: now });
        };
        things.forEach(({ wait, delay }, thing) => {
          now += wait;
          look();
          sentAt.push(now + delay);
          line.send(thing, now, delay);
        });
        while (!line.isEmpty) {
          now += step;
          look();
        }
        return arrived.every(({ thing, at }, index) => thing === index && at >= (sentAt[thing] ?? 0));
      }),
    );
  });
});
