import type { EventOf } from "../engine/event.ts";
import { tellInstant } from "./display.ts";

/** What somebody is asked to agree to, until when, and how. Pure. */
export const tellAsking = (
  execution: string,
  { approval, purpose, figures, until }: EventOf<"approval-asked">,
): string[] => [
  `${execution} waits for ${approval}: ${purpose}`,
  ...figures.map((figure) => `  ${figure}`),
  `  An answer counts until ${tellInstant(until)}: castle approve ${execution} --approval ${approval} --key FILE`,
];
