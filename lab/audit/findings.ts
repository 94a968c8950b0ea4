import { type Audit, type AuditKey, auditKeys } from "@castle/dr-runbooks/report/report.ts";

/** How many findings of each kind are kept as text, for whoever investigates. */
const EXAMPLES = 20;

/** Gathers what the checks find, and how many things they looked at. */
export class Findings {
  readonly #counts = new Map<AuditKey, number>();
  readonly #examples: Audit["examples"] = [];
  readonly #checked = new Map<string, number>();

  /** @param text one sentence: what was told or expected, and what stands. */
  add(of: AuditKey, text: string): void {
    const count = (this.#counts.get(of) ?? 0) + 1;
    this.#counts.set(of, count);
    if (count <= EXAMPLES) this.#examples.push({ of, text });
  }

  /** `count` things of a kind were looked at. Naming a kind with 0 says that it had to be looked at, and was not there. */
  checked(things: string, count: number): void {
    this.#checked.set(things, (this.#checked.get(things) ?? 0) + count);
  }

  count(of: AuditKey): number {
    return this.#counts.get(of) ?? 0;
  }

  result(): Audit {
    return {
      lostAcknowledged: this.count("lostAcknowledged"),
      duplicatedEffects: this.count("duplicatedEffects"),
      contradicted: this.count("contradicted"),
      staleEpochAcknowledged: this.count("staleEpochAcknowledged"),
      seqGaps: this.count("seqGaps"),
      conserved: this.count("conserved") === 0,
      negativeBalances: this.count("negativeBalances"),
      checked: Object.fromEntries(this.#checked),
      examples: [...this.#examples].sort((a, b) => auditKeys.indexOf(a.of) - auditKeys.indexOf(b.of)),
    };
  }
}

/** Whether an audit found nothing wrong, and looked at something of every kind: one that looked at nothing proves nothing. */
export function isClean(audit: Audit): boolean {
  const { checked, examples: _, conserved, ...counts } = audit;
  const looked = Object.values(checked);
  return (
    conserved &&
    Object.values(counts).every((count) => count === 0) &&
    looked.length > 0 &&
    looked.every((count) => count > 0)
  );
}
