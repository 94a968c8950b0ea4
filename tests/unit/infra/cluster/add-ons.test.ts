import { expect } from "chai";
import { charts } from "../../../../infra/cell/cluster/versions.ts";
import { servicesLogGroup } from "../../../../infra/cell/observability/service-logs.ts";
import { namesOf } from "../../../../infra/names.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys, network } from "../support/parts-of-tests.ts";
import type { Recording } from "../support/recorded.ts";
import { clusterOf, statementsOf } from "./clusters.ts";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const ROLE = "aws:iam/role:Role";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

let production: Recording;
let preview: Recording;
before(async () => {
  production = await clusterOf("prd");
  preview = await clusterOf("dev");
});

const valuesOf = (chart: string) =>
  production.one(RELEASE, `cell-add-ons-${chart}`).inputs["values"] as Record<string, never>;

describe("the add-ons", () => {
  it("are all charts of versions.ts in production, each at its pinned version", () => {
    expect(production.ofType(RELEASE).map(({ inputs }) => inputs["version"])).to.have.members(
      Object.values(charts).map(({ version }) => version),
    );
    for (const { version } of Object.values(charts)) expect(version).to.match(/^\d+\.\d+\.\d+$/);
  });

  it("leave out of a preview what nobody would look at, and bring what the services need", () => {
    expect(preview.ofType(RELEASE).map(({ inputs }) => inputs["name"])).to.have.members([
      "load-balancer-controller",
      "external-secrets",
      "metrics-server",
      "logs",
    ]);
    expect(preview.all.map(({ inputs }) => inputs["kind"])).not.to.include("NodePool");
  });

  it("wait for their pods' roles: a pod that starts before has none until it is started again", () => {
    const associated = production.ofType(ASSOCIATION);
    expect(associated).not.to.be.empty;
    for (const { name } of associated)
      expect(production.one(RELEASE, name).dependencies.join(), name).to.include("PodIdentityAssociation");
  });

  it("have their pods' roles given by this cluster alone, of this account", () => {
    const { account, region } = contextOf("prd").settings;
    for (const { name } of production.ofType(ASSOCIATION)) {
      const trust = JSON.parse(String(production.one(ROLE, name).inputs["assumeRolePolicy"])) as {
        Statement: unknown[];
      };
      expect(trust.Statement, name).to.have.length(1);
      expect(trust.Statement[0], name).to.deep.include({
        Principal: { Service: "pods.eks.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnEquals: { "aws:SourceArn": `arn:aws:eks:${region}:${account}:cluster/castle-production` },
        },
      });
    }
  });

  it("may do nothing by a wildcard, and change nothing that is not named", () => {
    for (const { name } of production.ofType(ASSOCIATION))
      for (const { Sid, Action, Resource } of statementsOf(production, name)) {
        const actions = Action as string[];
        expect(actions.join(), `${name} ${String(Sid)}`).not.to.include("*");
        if ((Resource as string[]).includes("*"))
          for (const action of actions)
            expect(action, `${name} ${String(Sid)}`).to.match(/:(Describe|Get|List)|^xray:Put/);
      }
  });

  it("are given no secret", () => {
    expect(JSON.stringify(production.ofType(RELEASE))).not.to.match(/"\w*[pP]assword":"/);
  });
});

describe("the load balancer's controller", () => {
  it("is told its network: no pod reaches the node's metadata, where it would ask", () => {
    expect(valuesOf("loadBalancerController")).to.include({
      vpcId: network.vpcId,
      region: "eu-west-1",
      clusterName: "castle-production",
    });
  });
});

describe("Grafana", () => {
  it("lets nobody log in, since its chart's administrator has a password that everybody knows", () => {
    const { grafana } = valuesOf("prometheus") as { grafana?: Record<string, unknown> };
    expect(grafana?.["grafana.ini"]).to.deep.equal({
      auth: { disable_login_form: true },
      "auth.basic": { enabled: false },
      "auth.anonymous": { enabled: true, org_role: "Viewer" },
    });
  });
});

describe("log shipping", () => {
  it("writes each line as it was written, all to the group in which alarms count", () => {
    const group = servicesLogGroup(namesOf(contextOf("prd").settings).prefix);
    expect(valuesOf("logs")["cloudWatchLogs"]).to.include({
      enabled: true,
      logGroupName: group,
      // The chart's own goes before the name, and is another group for each namespace.
      logGroupTemplate: "",
      logKey: "log",
      autoCreateGroup: false,
    });
    for (const { Resource } of statementsOf(production, "cell-add-ons-logs"))
      expect(Resource).to.deep.equal([`arn:aws:logs:eu-west-1:111122223333:log-group:${group}:*`]);
  });
});

describe("what services are given", () => {
  it("is read from the region's own Secrets Manager, for the platform's namespace alone", () => {
    const store = production.all.find(({ inputs }) => inputs["kind"] === "ClusterSecretStore");
    expect(store?.inputs["spec"]).to.deep.equal({
      provider: { aws: { service: "SecretsManager", region: "eu-west-1" } },
      conditions: [{ namespaces: ["castle"] }],
    });
  });

  it("is nothing that only operators may read", () => {
    const read = statementsOf(production, "cell-add-ons-externalSecrets").flatMap(
      ({ Resource }) => Resource as string[],
    );
    expect(read.filter((arn) => arn.includes(":secret:"))).to.deep.equal([
      "arn:aws:secretsmanager:eu-west-1:111122223333:secret:castle/services/production/*",
    ]);
  });
});

describe("the machines that Karpenter brings", () => {
  const specOf = (kind: string) =>
    production.all.find(({ inputs }) => inputs["kind"] === kind)?.inputs["spec"] as Record<string, never>;

  it("are encrypted with the cell's key, and answer nobody but themselves for their metadata", () => {
    expect(specOf("EC2NodeClass")["metadataOptions"]).to.deep.equal({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    expect(specOf("EC2NodeClass")["blockDeviceMappings"]).to.deep.equal([
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: "40Gi", encrypted: true, kmsKeyID: keys.keyArn },
      },
    ]);
  });

  it("can be started: with an encrypted disk that takes the right to use the key, for EC2 alone", () => {
    const ofKeys = statementsOf(production, "cell-add-ons-karpenter").filter(({ Action }) =>
      (Action as string[]).some((action) => action.startsWith("kms:")),
    );
    expect(ofKeys.flatMap(({ Action }) => Action)).to.have.members([
      "kms:CreateGrant",
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:GenerateDataKeyWithoutPlaintext",
    ]);
    for (const { Condition } of ofKeys)
      expect((Condition as Record<string, object>)["StringEquals"]).to.deep.equal({
        "kms:ViaService": "ec2.eu-west-1.amazonaws.com",
      });
  });

  it("are given the nodes' role by a profile that is there: Karpenter may make and change none", () => {
    const profile = production.one("aws:iam/instanceProfile:InstanceProfile").inputs["name"];
    expect(specOf("EC2NodeClass")).to.include({ instanceProfile: profile }).and.not.to.have.property("role");
    const iam = statementsOf(production, "cell-add-ons-karpenter")
      .flatMap(({ Action }) => Action as string[])
      .filter((action) => action.startsWith("iam:"));
    expect(iam).to.have.members(["iam:GetInstanceProfile", "iam:PassRole"]);
  });

  it("are in EKS's own security group, as all nodes are", () => {
    expect(specOf("EC2NodeClass")["securityGroupSelectorTerms"]).to.deep.equal([
      { tags: { "aws:eks:cluster-name": "castle-production" } },
    ]);
  });
});
