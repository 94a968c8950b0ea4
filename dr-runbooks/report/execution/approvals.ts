import type { ExecutionEvent } from "../../engine/event.ts";
import { tellWho } from "../../engine/who.ts";
import type { ReportedApproval } from "./report.ts";

const HOW = {
  terminal: "typed at the runner's terminal",
  file: "in a signed file",
  flag: "given ahead, by an option of the command",
} as const;

/** Everything that somebody was asked to agree to, and every answer, in order. Pure. */
export const approvalsOf = (events: readonly ExecutionEvent[]): ReportedApproval[] =>
  events.flatMap(approvalOf);

function approvalOf(event: ExecutionEvent): ReportedApproval[] {
  const nothing = { by: null, how: "", because: null, figures: [] };
  switch (event.kind) {
    case "approval-asked": {
      const { at, approval, figures, purpose } = event;
      return [{ ...nothing, at, what: approval, answer: "asked", because: purpose, figures }];
    }
    case "approval-given": {
      const { at, approval, approver, by, because = null, figures } = event;
      const who = approver === undefined ? tellWho(by) : `${approver} (${tellWho(by)})`;
      return [{ at, what: approval, answer: "given", by: who, how: HOW[event.how], because, figures }];
    }
    case "approval-refused": {
      const { at, approval, by, because } = event;
      return [
        {
          ...nothing,
          at,
          what: approval,
          answer: "refused",
          by: by ? tellWho(by) : null,
          how: HOW[event.how],
          because,
        },
      ];
    }
    case "passed-over":
      return event.of === "approval"
        ? [
            {
              ...nothing,
              at: event.at,
              what: event.part,
              answer: "not-needed",
              because: `only if ${event.condition}`,
            },
          ]
        : [];
    default:
      return [];
  }
}
