import { seconds } from "@castle/regions/duration.ts";
import { type Alarm, alarmsGoneOff } from "../../aws/readiness-alarms.ts";
import { type Check, judged, type Verdict } from "../check.ts";
import { named } from "../named.ts";
import { tellSpan } from "../span.ts";

/** Castle's own alarms, in an account that may have others. */
const PREFIX = "castle";

export const alarms: Check = {
  name: "alarms",
  why: "What has gone off in the peer is told to nobody who only looks at the active cell, and would meet the traders at a takeover.",
  mend: "aws cloudwatch describe-alarms --state-value ALARM in the peer's region; mend what each one watches.",
  severity: "warns",
  deadline: seconds(20),
  look: async (world) => {
    const { peer } = await world.sides();
    const client = world.connections.aws.metrics(peer);
    return judgeAlarms(await named(`CloudWatch in ${peer}`, alarmsGoneOff(client, PREFIX)), world.at);
  },
};

/** @param at milliseconds since 1970. Pure. */
export function judgeAlarms(goneOff: readonly Alarm[], at: number): Verdict {
  const against = goneOff.map(({ name, reason, since }) => {
    const ago = since === null ? "" : ` for ${tellSpan(Math.max(0, at - since) / 1_000)}`;
    return `${name} is in ALARM${ago}: ${reason}`;
  });
  return judged(against, {
    found: `no alarm of ${PREFIX} has gone off in the peer`,
    wanted: `no alarm of ${PREFIX}… in ALARM in the peer`,
  });
}
