import { createInterface } from "node:readline/promises";
import { UsageError } from "./exit.ts";

/** Whether somebody sits at a terminal who can see a question and answer it. */
export const someoneIsThere = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true;

/**
 * Asks for a word, so that nobody agrees by leaning on a key.
 * @throws UsageError when nobody is there to ask.
 */
export async function agree(question: string, word: string): Promise<boolean> {
  if (!someoneIsThere())
    throw new UsageError(
      "this changes who is active, and nobody is at a terminal to agree: add --yes to go ahead",
    );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(`${question} Type ${word} to go ahead: `)).trim() === word;
  } finally {
    terminal.close();
  }
}

/** A question about figures that grow old. */
export interface AskedOf<Measured> {
  measure(): Promise<Measured>;
  show(measured: Measured): void;
  /** @returns whether the operator agreed to what was shown */
  ask(measured: Measured): Promise<boolean>;
  /** Whether an answer given at this moment is to figures that still count. */
  holds(measured: Measured): boolean;
  /** Says that the answer came too late, and that fresh figures follow. */
  tellTooLate(): void;
}

/**
 * Measures, shows and asks; an operator who agrees to figures that have grown old is shown fresh ones and asked again,
 * however often. @returns what was shown last, and whether it was agreed to
 */
export async function agreeToWhatHolds<Measured>(
  asked: AskedOf<Measured>,
): Promise<{ readonly measured: Measured; readonly agreed: boolean }> {
  for (;;) {
    const measured = await asked.measure();
    asked.show(measured);
    if (!(await asked.ask(measured))) return { measured, agreed: false };
    if (asked.holds(measured)) return { measured, agreed: true };
    asked.tellTooLate();
  }
}
