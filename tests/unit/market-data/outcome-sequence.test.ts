import { OutcomeSequence } from "@castle/services/market-data/feed/outcome-sequence.ts";
import { expect } from "chai";
import fc from "fast-check";
import { outcomeOf } from "./support/outcomes.ts";

const seqs = (outcomes: { seq: number }[]): number[] => outcomes.map((outcome) => outcome.seq);
const some = (...wanted: number[]) => wanted.map((seq) => outcomeOf(seq));

describe("the order of outcomes", () => {
  it("holds back what comes too early, until the gap is filled", () => {
    const sequence = new OutcomeSequence(10);
    expect(seqs(sequence.take(some(12, 13)))).to.deep.equal([]);
    expect(sequence.missing).to.equal(true);
    expect(seqs(sequence.take(some(11)))).to.deep.equal([11, 12, 13]);
    expect(sequence.missing).to.equal(false);
    expect(sequence.position).to.equal(13);
  });

  it("ignores what was there before it began", () => {
    expect(seqs(new OutcomeSequence(10).take(some(8, 9, 10, 11)))).to.deep.equal([11]);
  });

  it("does not count as missing what arrived twice", () => {
    const sequence = new OutcomeSequence(0);
    expect(seqs(sequence.take(some(2, 1, 2, 1)))).to.deep.equal([1, 2]);
    expect(sequence.missing).to.equal(false);
  });

  it("keeps a bounded number back: the rest comes again with the gap", () => {
    const sequence = new OutcomeSequence(0);
    const early = Array.from({ length: 6_000 }, (_, index) => index + 2);
    sequence.take(some(...early));
    expect(sequence.take(some(1)).length).to.be.within(2, 5_001);
    expect(seqs(sequence.take(some(...early))).at(-1)).to.equal(6_001);
  });

  it("hands each on once and in order, whatever is lost, doubled or shuffled, once the database has been read", () => {
    const arrivals = fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 10 }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 0, max: 30 }), (messages, start) => {
        const sequence = new OutcomeSequence(start);
        const told = messages.flatMap((message) => seqs(sequence.take(some(...message))));
        const rest = Array.from(
          { length: 30 - sequence.position },
          (_, index) => sequence.position + 1 + index,
        );
        told.push(...seqs(sequence.take(some(...rest))));
        expect(told).to.deep.equal(Array.from({ length: 30 - start }, (_, index) => start + 1 + index));
        expect(sequence.missing).to.equal(false);
      }),
    );
  });
});
