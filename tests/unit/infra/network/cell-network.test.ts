import { expect } from "chai";
import type { CellContext } from "../../../../infra/cell/context.ts";
import { CellNetwork } from "../../../../infra/cell/network/cell-network.ts";
import { contextOf } from "../support/cell-context.ts";
import { keyOfTests, vpcOutputs } from "../support/made-up.ts";
import { type Recording, record } from "../support/recorded.ts";

const build = (context: CellContext, preview = false): Promise<Recording> =>
  record(() => new CellNetwork("cell", { context, keys: keyOfTests }), { outputs: vpcOutputs, preview });

const endpointsIn = (recording: Recording, kind: string) =>
  recording
    .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter(({ inputs }) => inputs["vpcEndpointType"] === kind);

describe("a cell's network", () => {
  let home: Recording;

  before(async () => {
    home = await build(contextOf("prd"));
  });

  it("spreads three tiers over the region's three zones, with a way out for each", async () => {
    const { inputs } = (await build(contextOf("dr"))).one("awsx:ec2:Vpc");
    expect(inputs).to.deep.include({
      cidrBlock: "10.20.0.0/16",
      availabilityZoneNames: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
      natGateways: { strategy: "OnePerAz" },
      subnetStrategy: "Exact",
    });
    const specs = inputs["subnetSpecs"] as { type: string; cidrBlocks: string[] }[];
    expect(specs.map(({ type }) => type)).to.deep.equal([
      "Private",
      "Isolated",
      "Public",
      ...specs.slice(3).map(() => "Unused"),
    ]);
    for (const { cidrBlocks } of specs) expect(cidrBlocks).to.have.lengthOf(3);
  });

  it("has one way out in a preview, and pays for no interface endpoint", async () => {
    const preview = await build(contextOf("dev"));
    expect(preview.one("awsx:ec2:Vpc").inputs["natGateways"]).to.deep.equal({ strategy: "Single" });
    expect(endpointsIn(preview, "Interface")).to.deep.equal([]);
    expect(endpointsIn(preview, "Gateway")).to.have.lengthOf(2);
  });

  it("reaches S3 and DynamoDB by gateways from the private and the data tier, not from the public one", async () => {
    const gateways = endpointsIn(home, "Gateway");
    expect(gateways.map(({ inputs }) => inputs["serviceName"])).to.deep.equal([
      "com.amazonaws.eu-west-1.s3",
      "com.amazonaws.eu-west-1.dynamodb",
    ]);
    for (const { inputs } of gateways)
      expect(inputs["routeTableIds"]).to.have.members(
        ["private", "isolated"].flatMap((tier) => ["1", "2", "3"].map((zone) => `rtb-${tier}-${zone}`)),
      );
  });

  it("asks its region through interface endpoints in the private tier, which only that tier reaches", async () => {
    const recording = home;
    const endpoints = endpointsIn(recording, "Interface");
    expect(endpoints.map(({ inputs }) => inputs["serviceName"])).to.include.members(
      ["ecr.api", "ecr.dkr", "sts", "secretsmanager", "eks-auth"].map(
        (it) => `com.amazonaws.eu-west-1.${it}`,
      ),
    );
    for (const { inputs } of endpoints)
      expect(inputs).to.deep.include({
        privateDnsEnabled: true,
        subnetIds: ["subnet-private-1", "subnet-private-2", "subnet-private-3"],
      });
    const { inputs } = recording.one("aws:ec2/securityGroup:SecurityGroup");
    expect(inputs["ingress"]).to.have.lengthOf(1);
    expect(inputs["ingress"])
      .to.have.nested.property("[0].cidrBlocks")
      .that.deep.equals(["10.10.0.0/19", "10.10.64.0/19", "10.10.128.0/19"]);
    expect(inputs["egress"]).to.deep.equal([]);
  });

  it("lets no other account's credentials through an endpoint", async () => {
    const endpoints = home.ofType("aws:ec2/vpcEndpoint:VpcEndpoint");
    for (const { inputs, name } of endpoints)
      for (const statement of JSON.parse(String(inputs["policy"])).Statement)
        if (statement.Sid !== "ReadWhatAwsKeeps")
          expect(statement.Condition.StringEquals["aws:PrincipalAccount"], name).to.equal("111122223333");
  });

  it("records all traffic, encrypted, for as long as the profile says, by a role of the flow logs' own", async () => {
    const recording = home;
    expect(recording.one("aws:ec2/flowLog:FlowLog").inputs).to.include({
      trafficType: "ALL",
      vpcId: "cell-vpc",
    });
    expect(recording.one("aws:cloudwatch/logGroup:LogGroup").inputs).to.include({
      kmsKeyId: keyOfTests.keyArn,
      retentionInDays: 400,
    });
    const trust = JSON.parse(String(recording.one("aws:iam/role:Role").inputs["assumeRolePolicy"]));
    expect(trust.Statement).to.have.lengthOf(1);
    expect(trust.Statement[0]).to.deep.include({
      Principal: { Service: "vpc-flow-logs.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    });
    const policy = JSON.parse(String(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]));
    for (const { Action, Resource } of policy.Statement) {
      for (const action of Action) expect(action).not.to.include("*");
      for (const resource of Resource) expect(resource).to.match(/^arn:aws:cloudwatch:.*cell-flow-logs/);
    }
  });

  it("takes the default security group's rules away", async () => {
    expect(home.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs).to.deep.include({
      ingress: [],
      egress: [],
    });
  });

  it("guards the data tier's subnets by rules that know the peer", async () => {
    const { inputs } = home.one("aws:ec2/networkAcl:NetworkAcl");
    expect(inputs["subnetIds"]).to.deep.equal(["subnet-data-1", "subnet-data-2", "subnet-data-3"]);
    expect(JSON.stringify(inputs["ingress"])).to.include("10.20.64.0/19");
  });

  it("is the same in both cells, but for the region's own facts", async () => {
    const shape = ({ all }: Recording) => all.map(({ type, name }) => `${type} ${name}`).sort();
    expect(shape(await build(contextOf("dr")))).to.deep.equal(shape(home));
  });

  it("is previewed while nothing of it exists", async () => {
    const recording = await build(contextOf("prd"), true);
    expect(recording.one("aws:ec2/networkAcl:NetworkAcl").inputs["ingress"]).to.be.an("array").that.is.not
      .empty;
  });
});
