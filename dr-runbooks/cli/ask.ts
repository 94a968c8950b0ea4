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
      "this changes who is active, and nobody is at a terminal to agree: add --yes to go ahead (in a lab)",
    );
  return (await typed(`${question} Type ${word} to go ahead: `)) === word;
}

/** What is typed, without space around it. @throws AbortError when the signal ends the asking */
export async function typed(question: string, signal?: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C is the command's to handle, which stops the run: readline would keep it from it.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return (await terminal.question(question, signal ? { signal } : {})).trim();
  } finally {
    terminal.close();
  }
}
