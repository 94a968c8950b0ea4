import { defineRunbook } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { evidenceActions } from "@castle/dr-runbooks/evidence/bucket/actions.ts";
import { actionsOf, approversPolicy, iamPolicy } from "@castle/dr-runbooks/pages/iam-policy.ts";
import { rbacManifests } from "@castle/dr-runbooks/pages/rbac.ts";
import { restoreTestPolicy } from "@castle/dr-runbooks/pages/restore-test-policy.ts";
import { readinessActions } from "@castle/dr-runbooks/readiness/actions.ts";
import { restoreTestActions } from "@castle/dr-runbooks/restore-test/actions.ts";
import { catalogue } from "@castle/dr-runbooks/runbooks/catalogue.ts";
import { openingActions } from "@castle/dr-runbooks/stack/actions.ts";
import { seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";

describe("the rights in a cluster", () => {
  const manifests = rbacManifests(catalogue);
  const asks = (operation: string) => {
    const step: Step<never> = {
      ...{ name: "ask", purpose: "Ask.", timeout: seconds(1), run: async () => undefined },
      calls: [{ service: "kubernetes", operation, in: "target", reads: true }],
    };
    const pointOfNoReturn = { step: "ask", notPassedWhen: () => false };
    return {
      runbook: defineRunbook<never>({ name: "asking", purpose: "Ask.", parts: [step], pointOfNoReturn }),
    };
  };

  it("are those that a runbook or readiness uses, and never all of a kind", () => {
    const verbs = [...manifests.matchAll(/resources: \["(.+)"\]\n +verbs: \["(.+)"\]/g)].map(
      ([, resource, verb]) => `${verb} ${resource}`,
    );
    expect(verbs.sort()).to.deep.equal([
      "list deployments",
      "list nodes",
      "list pods",
      "patch deployments/scale",
    ]);
    expect(manifests).to.not.include("*");
  });

  it("are fewer when less is asked, and not made for what is not known", () => {
    expect(rbacManifests([asks("ListPods")], []))
      .to.include('"pods"')
      .and.not.include('"nodes"');
    expect(() => rbacManifests([asks("DeletePods")])).to.throw(/DeletePods .* which right it takes/);
  });

  it("are not asked of IAM", () => {
    expect([...actionsOf([asks("ListPods")])]).to.deep.equal([]);
  });
});

describe("the IAM policy", () => {
  const policy = iamPolicy(catalogue);
  const allowed = policy.Statement.flatMap(({ Action }) => Action);

  it("allows every call that a runbook or readiness makes, once, and nothing else", () => {
    expect([...allowed].sort()).to.deep.equal(
      [
        ...new Set([...actionsOf(catalogue), ...readinessActions, ...openingActions, ...evidenceActions]),
      ].sort(),
    );
    expect(allowed).to.include.members(["rds:FailoverGlobalCluster", "dynamodb:PutItem"]);
  });

  it("names each resource, and never everything", () => {
    // These belong to no resource, and only show.
    const ofNone = ["SeeTheQuotas", "SeeTheMetrics", "SeeTheAlarms", "SeeTheCertificates", "AskWhoActs"];
    for (const { Sid, Action, Resource } of policy.Statement) {
      if (ofNone.includes(Sid)) {
        expect(Resource, Sid).to.deep.equal(["*"]);
        for (const action of Action) expect(action).to.match(/:(List|Describe|Get)/);
        continue;
      }
      expect(Resource, Sid).to.be.an("array").that.is.not.empty;
      for (const arn of Resource) {
        expect(arn).to.match(
          /^arn:aws:((rds|elasticache|globalaccelerator|dynamodb|ecr|secretsmanager|sns|eks):[a-z0-9-]*:\$\{Account\}:|s3:::\$\{Evidence).+/,
        );
        expect(arn).to.match(
          /^[^*]+((castle\/(operator\/)?|cluster-snapshot:|runs\/|approvals\/|\$\{KubernetesCluster\}\/)\*)?$/,
        );
      }
    }
  });

  it("lets an approver read records and put approvals, and write no record", () => {
    const mayWrite = approversPolicy().Statement.filter(({ Action }) =>
      Action.some((action) => !/:(List|Get)/.test(action)),
    );
    expect(mayWrite.map(({ Action }) => Action)).to.deep.equal([["s3:PutObject", "s3:PutObjectRetention"]]);
    for (const arn of mayWrite.flatMap(({ Resource }) => Resource))
      expect(arn).to.match(/\}\/approvals\/\*$/);
    const actions = approversPolicy().Statement.flatMap(({ Action }) => Action);
    for (const action of actions) expect(evidenceActions).to.include(action);
  });

  it("lets a restore test take away what it made, and nothing else", () => {
    const { Statement } = restoreTestPolicy();
    expect(Statement.flatMap(({ Action }) => Action).sort()).to.deep.equal([...restoreTestActions].sort());
    const deletes = Statement.filter(({ Action }) => Action.some((action) => action.includes("Delete")));
    expect(deletes).to.have.length(2);
    for (const arn of deletes.flatMap(({ Resource }) => Resource))
      expect(arn).to.match(/:(cluster|db):castle-restore-test-\*$/);
    expect(allowed, "the operator of a handover makes no database").to.not.include("rds:CreateDBInstance");
  });

  it("is not made while the resources of a call are not known", () => {
    const step: Step<never> = {
      name: "delete",
      purpose: "Delete it.",
      timeout: seconds(1),
      calls: [{ service: "rds", operation: "DeleteGlobalCluster", in: "target", reads: false }],
      run: async () => undefined,
    };
    const runbook = defineRunbook<never>({
      name: "deletion",
      purpose: "Delete it.",
      parts: [step],
      pointOfNoReturn: { step: "delete", notPassedWhen: () => false },
    });
    expect(() => iamPolicy([{ runbook }])).to.throw(
      "rds:DeleteGlobalCluster is called by a runbook or by readiness",
    );
  });
});
