import type {
  PolicyResource,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { type Exception, exceptionFor } from "./exceptions.ts";
import { type Judgement, judgeResources, judgeStack } from "./judge.ts";
import type { ResourceFacts } from "./judged/resource.ts";
import { withUnknowns } from "./judged/unknowns.ts";
import { messageOf, messageOfUnjudged } from "./message.ts";
import type { Platform, ResourceRule, StackRule } from "./rule.ts";

export interface Judging {
  readonly platform: Platform;
  readonly exceptions: readonly Exception[];
  /** The day it is, `2026-11-27`. */
  readonly today: string;
}

/** A rule as Pulumi's CrossGuard runs it. */
export function asPolicy(
  rule: ResourceRule | StackRule,
  judging: Judging,
): ResourceValidationPolicy | StackValidationPolicy {
  const base = {
    name: rule.name,
    description: `${rule.what} ${rule.why}`,
    enforcementLevel: rule.enforcement[judging.platform.profile.name],
    severity: rule.severity,
    remediationSteps: rule.remedy,
  };
  if (rule.about === "stack")
    return {
      ...base,
      validateStack: ({ resources }, report) => {
        const facts = resources.map(factsOfStackResource);
        tell(judgeStack(rule, facts, judging.platform), judging, report as Report);
      },
    };
  const validateResource: ResourceValidation = (args, report) => {
    if (!rule.types.includes(args.type)) return;
    tell(judgeResources(rule, [factsOf(args)], judging.platform), judging, report as Report);
  };
  return { ...base, validateResource: forTypes(validateResource, rule.types) };
}

/**
 * Pulumi reads a resource's properties anew for each policy, which costs more than judging them, unless the policy says
 * beforehand that it is about one type, as those made by its `validateResourceOfType` do.
 */
const forTypes = (
  validate: ResourceValidation,
  [type, ...others]: ResourceRule["types"],
): ResourceValidation => (others.length === 0 ? Object.assign(validate, { __pulumiType: type }) : validate);

/** Pulumi's report also takes one message's own level, which its types do not tell. */
type Report = (
  message: string | { readonly message: string; readonly urn: string; readonly enforcementLevel: "advisory" },
  urn?: string,
) => void;

function tell(
  { rule, violations, unjudged }: Judgement,
  { platform, exceptions, today }: Judging,
  report: Report,
): void {
  for (const finding of violations) {
    const { name, facts } = finding.resource;
    if (exceptionFor(exceptions, { rule, resource: name, stack: platform.stack, today })) continue;
    report(messageOf(rule, finding), facts.urn);
  }
  // It is told as advice, since `pulumi up` will judge it when it is known.
  for (const { resource, property } of unjudged)
    report({ message: messageOfUnjudged(property), urn: resource.urn, enforcementLevel: "advisory" });
}

function factsOf(
  args: ResourceValidationArgs | PolicyResource,
  dependencies: ResourceFacts["dependencies"] = [],
): ResourceFacts {
  const region = args.provider ? withUnknowns(args.provider.props["region"]) : null;
  let props: ResourceFacts["props"] | undefined;
  return {
    type: args.type,
    name: args.name,
    urn: args.urn,
    // A rule about a stack looks into few of its resources: the others are not read.
    get props() {
      props ??= withUnknowns(args.props) as ResourceFacts["props"];
      return props;
    },
    protect: args.opts.protect,
    ignoreChanges: args.opts.ignoreChanges,
    parent: args.opts.parent ?? null,
    dependencies,
    provider: args.provider
      ? { name: args.provider.name, region: typeof region === "string" ? region : null }
      : null,
  };
}

const factsOfStackResource = (resource: PolicyResource): ResourceFacts =>
  factsOf(
    resource,
    resource.dependencies.map(({ urn }) => urn),
  );
