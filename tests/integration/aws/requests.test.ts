import { DescribeDBProxiesCommand, DescribeGlobalClustersCommand } from "@aws-sdk/client-rds";
import { startControlPlane } from "@castle/lab/aws/control-plane.ts";
import { homeRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, signedFor } from "./control-plane-under-test.ts";

const describeForm = "Action=DescribeGlobalClusters&Version=2014-10-31";
const rdsHere = signedFor(homeRegion, "rds");
const acceleratorTarget = { "x-amz-target": "GlobalAccelerator_V20180706.DescribeEndpointGroup" };

describe("a request to the lab's control plane", () => {
  let aws: ControlPlaneUnderTest;
  beforeEach(async () => {
    aws = await new ControlPlaneUnderTest().start();
  });
  afterEach(() => aws.stop());

  const refusal = async (sent: Promise<Response>) => {
    const answer = await sent;
    const text = await answer.text();
    return { status: answer.status, code: /<Code>(.*)<\/Code>/.exec(text)?.[1], text };
  };

  it("must be signed, in XML as in JSON", async () => {
    const xml = await refusal(aws.request(describeForm));
    expect(xml).to.include({ status: 403, code: "MissingAuthenticationToken" });
    const json = await aws.request("{}", acceleratorTarget);
    expect(json.status).to.equal(403);
    expect(await json.json()).to.include({ __type: "MissingAuthenticationTokenException" });
  });

  for (const authorization of [
    "Basic bGFiOmxhYg==",
    "AWS4-HMAC-SHA256 Credential=lab/20260101/eu-west-1/rds/aws4_request",
    "AWS4-HMAC-SHA256 Credential=lab/rds, SignedHeaders=host, Signature=0",
  ])
    it(`must be signed whole: ${authorization}`, async () => {
      const answer = await refusal(aws.request(describeForm, { authorization }));
      expect(answer).to.include({ status: 400, code: "IncompleteSignature" });
    });

  it("must be scoped to a service and a region that the lab has", async () => {
    const service = await refusal(aws.request(describeForm, signedFor(homeRegion, "iam")));
    expect(service).to.include({ status: 403, code: "SignatureDoesNotMatch" });
    expect(service.text).to.include("rds, elasticache, globalaccelerator");
    const client = aws.rds("us-east-1");
    expect(await faultOf(client.send(new DescribeGlobalClustersCommand({})))).to.include({
      name: "SignatureDoesNotMatch",
      status: 403,
    });
  });

  it("must name an operation, of a version, that the lab has", async () => {
    const client = aws.rds(homeRegion);
    expect(await faultOf(client.send(new DescribeDBProxiesCommand({})))).to.include({
      name: "InvalidAction",
      status: 400,
    });
    expect(await refusal(aws.request("Version=2014-10-31", rdsHere))).to.include({ code: "MissingAction" });
    for (const version of ["&Version=2012-01-01", ""])
      expect(await refusal(aws.request(`Action=DescribeGlobalClusters${version}`, rdsHere))).to.include({
        status: 400,
        code: "InvalidAction",
      });
    for (const target of ["GlobalAccelerator_V20180706.ListThings", "DynamoDB_20120810.GetItem", "x"]) {
      const headers = { ...signedFor("us-west-2", "globalaccelerator"), "x-amz-target": target };
      const answer = await aws.request("{}", headers);
      expect(answer.status).to.equal(400);
      expect(await answer.json()).to.include({ __type: "UnknownOperationException" });
    }
  });

  for (const [parameters, code, named] of [
    ["GlobalClusterIdentifer=castle-lab", "InvalidQueryParameter", "GlobalClusterIdentifer"],
    ["Filters.member.1.Name=region", "InvalidQueryParameter", "Filters.member"],
    ["Filters.Filter.2.Name=region", "InvalidQueryParameter", "Filters.2"],
    ["Filters=region", "InvalidParameterValue", "Filters"],
    ["Filters.Filter.1.Name=region", "MissingParameter", "Filters.1.Values"],
    ["MaxRecords=many", "InvalidParameterValue", "MaxRecords"],
    ["MaxRecords.1=20", "InvalidQueryParameter", "MaxRecords.1"],
    ["Marker=a&Marker=b", "MalformedQueryString", "Marker"],
  ] as const)
    it(`is refused with ${code} for ${parameters}`, async () => {
      const answer = await refusal(aws.request(`${describeForm}&${parameters}`, rdsHere));
      expect(answer).to.include({ status: 400, code });
      expect(answer.text).to.include(named);
    });

  it("must be JSON where JSON is spoken", async () => {
    const headers = { ...signedFor("us-west-2", "globalaccelerator"), ...acceleratorTarget };
    for (const body of ["", "{", "[]", "null"]) {
      const answer = await aws.request(body, headers);
      expect(answer.status, body).to.equal(400);
      expect(await answer.json(), body).to.include({ __type: "SerializationException" });
    }
  });

  it("may be a GET in the Query protocol", async () => {
    const answer = await fetch(`${aws.url}/?${describeForm}`, { headers: rdsHere });
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.match(
      /^<DescribeGlobalClustersResponse xmlns="http:\/\/rds.amazonaws.com\/doc\/2014-10-31\/"><DescribeGlobalClustersResult>/,
    );
  });

  it("is refused when it is larger than any request of AWS's", async () => {
    const answer = await aws.request("x".repeat(2 * 1024 * 1024), rdsHere);
    expect(answer.status).to.equal(413);
  });

  it("escapes what it repeats of the request", async () => {
    const { text } = await refusal(
      aws.request(`${describeForm}&GlobalClusterIdentifier=${encodeURIComponent("<b>&")}`, rdsHere),
    );
    expect(text).to.include("&lt;b&gt;&amp;");
  });

  it("is told to the observer with its region, outcome and id", async () => {
    const answer = await aws.request(`${describeForm}&GlobalClusterIdentifier=x`, rdsHere);
    const [event] = aws.events;
    expect(event).to.include({
      kind: "call",
      service: "rds",
      operation: "DescribeGlobalClusters",
      region: homeRegion,
      status: 404,
      code: "GlobalClusterNotFoundFault",
      requestId: answer.headers.get("x-amzn-requestid"),
    });
  });

  it("is answered with InternalFailure when the lab cannot tell its state, or tells one that AWS could not", async () => {
    const describe = () => faultOf(aws.rds(homeRegion).send(new DescribeGlobalClustersCommand({})));
    const { databases } = aws.cells;
    aws.cells.databases = databases.map((member) => ({ ...member, role: "writer" }));
    const twoWriters = await describe();
    expect(twoWriters).to.include({ name: "InternalFailure", status: 500 });
    expect(twoWriters.message).to.include("exactly one database member must be the writer, the lab lists 2");

    aws.cells.databases = databases.map((member) => ({ ...member, engineVersion: 15 as unknown as string }));
    const mistyped = await describe();
    expect(mistyped).to.include({ name: "InternalFailure", status: 500 });
    expect(mistyped.message).to.include("GlobalClusters.0.EngineVersion is wrong-type");
  });

  it("finds a second control plane on another port, and is told when a port is taken", async () => {
    const second = await startControlPlane({ port: 0, cells: aws.cells });
    expect(second.url).not.to.equal(aws.url);
    const taken = Number(new URL(second.url).port);
    const fault = await faultOf(startControlPlane({ port: taken, cells: aws.cells }));
    expect(fault.message).to.include(`127.0.0.1:${taken}`).and.include("taken");
    await second.close();
  });
});
