import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { expect } from "chai";
import { policiesNameTheirActions } from "../../../policies/identity/policies-name-their-actions.ts";
import { policiesNameTheirResources } from "../../../policies/identity/policies-name-their-resources.ts";
import { judgeRule } from "../../../policies/judge.ts";
import { unknown } from "../../../policies/judged/resource.ts";
import { namespacesDenyByDefault } from "../../../policies/kubernetes/namespaces-deny-by-default.ts";
import { podsCannotChangeTheirImage } from "../../../policies/kubernetes/pods-cannot-change-their-image.ts";
import { theWorldReachesTheEdgeAlone } from "../../../policies/network/the-world-reaches-the-edge-alone.ts";
import { alarmsTellSomebody } from "../../../policies/observability/alarms-tell-somebody.ts";
import type { ResourceRule, StackRule } from "../../../policies/rule.ts";

type Given = readonly [type: string, props: Readonly<Record<string, unknown>>];

const platform = readSettings("prd", ownConfig(stackConfig("prd")));

const judge = (rule: ResourceRule | StackRule, ...resources: readonly Given[]) =>
  judgeRule(
    rule,
    resources.map(([type, props], at) => ({
      ...{ type, props, name: `it-${at}`, urn: `urn:${at}`, protect: false, ignoreChanges: [] },
      ...{ parent: null, dependencies: [], provider: null },
    })),
    platform,
  );

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const WORLD = ["0.0.0.0/0"];

describe("what the world may reach", () => {
  for (const [what, type, props] of [
    ["a rule of its own", INGRESS, { cidrIpv4: "0.0.0.0/0", fromPort: 22, toPort: 22 }],
    ["a rule of its own for IPv6", INGRESS, { cidrIpv6: "::/0", fromPort: 5432, toPort: 5432 }],
    ["a rule of the older kind", RULE, { type: "ingress", cidrBlocks: WORLD, fromPort: 22, toPort: 22 }],
    ["half of all addresses", INGRESS, { cidrIpv4: "128.0.0.0/1", fromPort: 22, toPort: 22 }],
    ["ports around the edge's", GROUP, { ingress: [{ fromPort: 1, toPort: 443, cidrBlocks: WORLD }] }],
  ] as const)
    it(`is no more by ${what}`, () => {
      expect(judge(theWorldReachesTheEdgeAlone, [type, props]).violations).to.have.lengthOf(1);
    });

  for (const [what, type, props] of [
    ["ranges of the cells", INGRESS, { cidrIpv4: "10.20.0.0/19", fromPort: 443, toPort: 443 }],
    ["an edge port", INGRESS, { cidrIpv4: "0.0.0.0/0", fromPort: 9443, toPort: 9443 }],
    ["what leaves", RULE, { type: "egress", cidrBlocks: WORLD, fromPort: 0, toPort: 65_535 }],
  ] as const)
    it(`says nothing of ${what}`, () => {
      expect(judge(theWorldReachesTheEdgeAlone, [type, props]).violations).to.deep.equal([]);
    });

  it("is not judged where a range is known only after deployment", () => {
    const ingress = [{ fromPort: 22, toPort: 22, cidrBlocks: [unknown] }];
    const { violations, unjudged } = judge(theWorldReachesTheEdgeAlone, [GROUP, { ingress }]);
    expect([violations.length, unjudged.length]).to.deep.equal([0, 1]);
  });
});

describe("what a policy allows by leaving out", () => {
  const policy = (statement: object): Given => [
    "aws:iam/rolePolicy:RolePolicy",
    { policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) },
  ];

  it("is a wildcard of actions", () => {
    const everythingElse = policy({ NotAction: "iam:*", Resource: "arn:aws:s3:::b" });
    const { violations } = judge(policiesNameTheirActions, everythingElse);
    expect(violations.map(({ found }) => found)).to.deep.equal(["NotAction"]);
  });

  it("is a wildcard of resources", () => {
    const everythingElse = policy({ Action: "s3:PutObject", NotResource: "arn:aws:s3:::b" });
    expect(judge(policiesNameTheirResources, everythingElse).violations).to.have.lengthOf(1);
  });
});

describe("a namespace that denies by default", () => {
  const namespace: Given = ["kubernetes:core/v1:Namespace", { metadata: { name: "castle" } }];
  const policy = (types: object): Given => [
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    { metadata: { name: "deny-all", namespace: "castle" }, spec: { podSelector: {}, ...types } },
  ];

  it("denies both ways", () => {
    const both = policy({ policyTypes: ["Ingress", "Egress"] });
    expect(judge(namespacesDenyByDefault, namespace, both).violations).to.deep.equal([]);
    for (const types of [{ policyTypes: ["Ingress"] }, { policyTypes: ["Egress"] }, {}])
      expect(judge(namespacesDenyByDefault, namespace, policy(types)).violations).to.have.lengthOf(1);
  });
});

describe("what a pod may do", () => {
  const container = { name: "a", securityContext: { readOnlyRootFilesystem: true } };
  const keeper = (type: string, spec: object): Given => [
    `kubernetes:apps/v1:${type}`,
    { spec: { template: { spec: { containers: [container], ...spec } } } },
  ];

  for (const type of ["Deployment", "StatefulSet", "DaemonSet"])
    it(`is asked of a ${type}, and of what runs before its containers`, () => {
      expect(judge(podsCannotChangeTheirImage, keeper(type, {})).violations).to.deep.equal([]);
      const before = keeper(type, { initContainers: [{ name: "b" }] });
      expect(judge(podsCannotChangeTheirImage, before).violations).to.have.lengthOf(1);
    });
});

describe("an alarm that is switched off", () => {
  it("tells nobody, whoever is named", () => {
    const alarm: Given = [
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      { alarmActions: ["arn:topic"], actionsEnabled: false },
    ];
    expect(judge(alarmsTellSomebody, alarm).violations).to.have.lengthOf(1);
  });
});
