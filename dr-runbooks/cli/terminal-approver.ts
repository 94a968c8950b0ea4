import type { Answer, Approver, Asked } from "../engine/approval.ts";
import { whoActs } from "../engine/who.ts";
import { someoneIsThere, typed } from "./ask.ts";
import type { Display } from "./display.ts";

/** Asks whoever sits at the terminal, below what the display told. Nobody is asked so where nobody sits there. */
export const atTheTerminal =
  (display: Pick<Display, "still">): Approver =>
  (asked, { signal }) =>
    someoneIsThere() ? answerTyped(asked, display, signal) : null;

async function answerTyped(
  { approval, word }: Asked,
  display: Pick<Display, "still">,
  signal: AbortSignal,
): Promise<Answer> {
  await display.still();
  const text = await typed(`${approval}: type ${word} to agree, anything else refuses: `, signal);
  const answer = { how: "terminal", by: whoActs() } as const;
  return text === word
    ? { agreed: true, ...answer }
    : { agreed: false, ...answer, because: "whoever sits at the terminal did not agree" };
}
