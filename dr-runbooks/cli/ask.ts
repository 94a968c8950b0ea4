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
