import { milliseconds, seconds } from "@castle/regions/duration.ts";
import { publishNotice } from "../aws/calls.ts";
import type { Notice } from "../aws/topic.ts";
import type { Step } from "../engine/step.ts";
import { isTransient } from "../engine/transient.ts";
import { tellWho, whoActs } from "../engine/who.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

type Moment = "begins" | "is-open";

/** Whoever has to know of a handover, in words and in attributes that a subscription can filter by. Pure but for `by`. */
export function noticeOf(
  moment: Moment,
  { id, plan }: Pick<Handover, "id" | "plan">,
  by: string = tellWho(whoActs()),
): Notice {
  const { kind, from, to, epoch, consentToLoss } = plan;
  const news =
    moment === "begins"
      ? `${to} has taken the role from ${from} and is being opened`
      : `${to} is open, and trades instead of ${from}`;
  return {
    subject: `Castle ${kind}: ${to} ${moment === "begins" ? "takes over" : "is open"}`,
    message: [
      `${news}.`,
      "",
      `what       ${kind}`,
      `from       ${from}`,
      `to         ${to}`,
      `epoch      ${epoch}`,
      `consent    ${consentToLoss ? "to lose what only the old cell holds" : "to no loss"}`,
      `execution  ${id}`,
      `by         ${by}`,
    ].join("\n"),
    attributes: { moment, kind, from, to, epoch: String(epoch), execution: id },
    id: `${id}-${moment}`,
  };
}

/**
 * Told where the target is, by the target's own region, and beside steps that take longer: nobody waits for it. Told again
 * by an execution that was cut off in the middle of it: rather twice than not at all, and once on a FIFO topic.
 */
const tellEveryone = (moment: Moment, purpose: string): Step<Handover> => ({
  name: `tell-everyone-it-${moment}`,
  purpose,
  timeout: seconds(2),
  bestEffort: true,
  retry: { attempts: 3, pause: milliseconds(200), transient: isTransient },
  calls: [publishNotice],
  ifItFails: failure("The handover goes on as it should; nobody was told of it by the topic.", [
    "Tell whoever must know by other means; the words are in docs/runbooks.",
    "See with `castle readiness` whether the target's region has the topic.",
  ]),
  /** A Castle without a topic has told everybody it could. */
  isDone: async ({ to }) => to.topic === null,
  run: async (handover) => {
    const { topic } = handover.to;
    if (topic === null) return {};
    const notice = noticeOf(moment, handover);
    await topic.tell(notice);
    return { topic: topic.arn, told: notice.subject };
  },
});

export const tellItBegins = tellEveryone(
  "begins",
  "Tell whoever subscribed that the target has taken the role and is being opened.",
);
export const tellItIsOpen = tellEveryone("is-open", "Tell whoever subscribed that the target is open.");
