import {
  InvalidParameterException$,
  InvalidRequestException$,
  type UpdateNodegroupConfigRequest,
} from "@aws-sdk/client-eks";
import type { Scaling } from "../../kubernetes/node-group.ts";
import { modelledFault } from "../fault.ts";

/** What the lab's nodes have none of. */
const OTHERS = ["labels", "taints", "updateConfig", "nodeRepairConfig", "warmPoolConfig"] as const;

/** The scaling that a request asks for; what it leaves out stays as it is. @throws AwsFault for what makes no sense */
export function requireScaling(input: UpdateNodegroupConfigRequest, now: Scaling): Scaling {
  const other = OTHERS.find((member) => input[member] !== undefined);
  if (other !== undefined)
    throw modelledFault(
      InvalidRequestException$,
      `the lab changes a node group's scalingConfig, not ${other}`,
    );
  const {
    minSize: min = now.min,
    maxSize: max = now.max,
    desiredSize: desired = now.desired,
  } = input.scalingConfig ?? {};
  if (max < min) throw invalid(`Maximum capacity ${max} can't be less than minimum size ${min}`);
  if (desired < min) throw invalid(`Desired capacity ${desired} can't be less than minimum size ${min}`);
  if (desired > max) throw invalid(`Desired capacity ${desired} can't be greater than max size ${max}`);
  return { min, max, desired };
}

/** What of it differs, as an update tells it. */
export function paramsOf(before: Scaling, after: Scaling) {
  const params = [
    { type: "MinSize" as const, value: after.min, was: before.min },
    { type: "MaxSize" as const, value: after.max, was: before.max },
    { type: "DesiredSize" as const, value: after.desired, was: before.desired },
  ];
  return params
    .filter(({ value, was }) => value !== was)
    .map(({ type, value }) => ({ type, value: String(value) }));
}

const invalid = (message: string) => modelledFault(InvalidParameterException$, message);
