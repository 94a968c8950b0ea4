import {
  DescribeEndpointGroupCommand,
  UpdateEndpointGroupCommand,
  type UpdateEndpointGroupCommandInput,
} from "@aws-sdk/client-global-accelerator";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers, signedFor } from "./control-plane-under-test.ts";

const { endpointGroupArn: EndpointGroupArn, endpointId: EndpointId } = identifiers.cell(homeRegion);

describe("the lab's Global Accelerator", () => {
  let aws: ControlPlaneUnderTest;
  beforeEach(async () => {
    aws = await new ControlPlaneUnderTest().start();
  });
  afterEach(() => aws.stop());

  const described = async (arn = EndpointGroupArn) => {
    const command = new DescribeEndpointGroupCommand({ EndpointGroupArn: arn });
    return (await aws.accelerator().send(command)).EndpointGroup;
  };
  const update = async (input: Partial<UpdateEndpointGroupCommandInput>, region?: string) => {
    const command = new UpdateEndpointGroupCommand({ EndpointGroupArn, ...input });
    return (await aws.accelerator(region).send(command)).EndpointGroup;
  };

  it("describes a group: its dial, its one endpoint's weight and health", async () => {
    expect(await described()).to.deep.equal({
      EndpointGroupArn,
      EndpointGroupRegion: homeRegion,
      TrafficDialPercentage: 100,
      EndpointDescriptions: [
        { EndpointId, Weight: 128, HealthState: "HEALTHY", ClientIPPreservationEnabled: false },
      ],
      HealthCheckProtocol: "TCP",
      HealthCheckIntervalSeconds: 30,
      ThresholdCount: 3,
    });
    const peer = await described(identifiers.cell(peerRegion).endpointGroupArn);
    expect(peer?.EndpointDescriptions?.[0]?.HealthState).to.equal("UNHEALTHY");
  });

  it("sets the endpoint's weight, 0 included, and tells it in the answer", async () => {
    const group = await update({ EndpointConfigurations: [{ EndpointId, Weight: 0 }] });
    expect(group?.EndpointDescriptions?.[0]?.Weight).to.equal(0);
    expect(aws.cells.groups).to.deep.include({
      region: homeRegion,
      dial: 100,
      weight: 0,
      health: "healthy",
    });
  });

  it("replaces the list: an endpoint without a weight weighs 128 again, an empty list takes it out", async () => {
    await update({ EndpointConfigurations: [{ EndpointId, Weight: 7 }] });
    const reset = await update({ EndpointConfigurations: [{ EndpointId }] });
    expect(reset?.EndpointDescriptions?.[0]?.Weight).to.equal(128);
    const emptied = await update({ EndpointConfigurations: [] });
    expect(emptied?.EndpointDescriptions).to.deep.equal([]);
    expect(aws.cells.groups.map(({ weight }) => weight)).to.deep.equal([null, 128]);
  });

  it("leaves what a request leaves out", async () => {
    await update({ EndpointConfigurations: [{ EndpointId, Weight: 9 }] });
    await update({ TrafficDialPercentage: 12.5 });
    expect(aws.cells.groups[0]).to.deep.equal({
      region: homeRegion,
      dial: 12.5,
      weight: 9,
      health: "healthy",
    });
  });

  it("keeps health check settings, which mean nothing for a load balancer", async () => {
    await update({ HealthCheckIntervalSeconds: 10, HealthCheckPath: "/x" });
    const group = await update({ ThresholdCount: 2, HealthCheckProtocol: "HTTP" });
    expect(group).to.include({
      HealthCheckIntervalSeconds: 10,
      HealthCheckPath: "/x",
      ThresholdCount: 2,
      HealthCheckProtocol: "HTTP",
    });
  });

  it("refuses a group it does not have", async () => {
    const faults = await Promise.all([
      faultOf(described("arn:x")),
      faultOf(update({ EndpointGroupArn: "arn:x" })),
    ]);
    for (const fault of faults)
      expect(fault).to.include({ name: "EndpointGroupNotFoundException", status: 404 });
  });

  const peerEndpoint = identifiers.cell(peerRegion).endpointId;
  for (const [what, input] of [
    ["another region's endpoint", { EndpointConfigurations: [{ EndpointId: peerEndpoint }] }],
    ["an endpoint without an id", { EndpointConfigurations: [{ Weight: 1 }] }],
    ["a second endpoint", { EndpointConfigurations: [{ EndpointId }, { EndpointId }] }],
    ["port overrides", { PortOverrides: [{ ListenerPort: 1, EndpointPort: 2 }] }],
    [
      "client address preservation",
      { EndpointConfigurations: [{ EndpointId, ClientIPPreservationEnabled: true }] },
    ],
    ["an attachment", { EndpointConfigurations: [{ EndpointId, AttachmentArn: "arn:x" }] }],
    ["an unknown health check protocol", { HealthCheckProtocol: "SCTP" as "TCP" }],
  ] as const)
    it(`refuses ${what}, and changes nothing`, async () => {
      const before = aws.cells.groups;
      const all = { ...input, TrafficDialPercentage: 1 } as Partial<UpdateEndpointGroupCommandInput>;
      expect(await faultOf(update(all))).to.include({ name: "InvalidArgumentException", status: 400 });
      expect(aws.cells.groups).to.equal(before);
    });

  const outOfBounds: [Partial<UpdateEndpointGroupCommandInput>, where: string][] = [
    [{ TrafficDialPercentage: 101 }, "Value '101' at 'trafficDialPercentage'"],
    [{ TrafficDialPercentage: -1 }, "Value '-1' at 'trafficDialPercentage'"],
    [
      { EndpointConfigurations: [{ EndpointId, Weight: 256 }] },
      "Value '256' at 'endpointConfigurations.1.member.weight'",
    ],
    [{ ThresholdCount: 0 }, "Value '0' at 'thresholdCount'"],
    [{ EndpointConfigurations: Array(11).fill({ EndpointId }) }, "Value at 'endpointConfigurations'"],
  ];
  for (const [input, where] of outOfBounds)
    it(`refuses what is out of AWS's bounds: ${where}`, async () => {
      const fault = await faultOf(update(input));
      expect(fault).to.include({ name: "ValidationException", status: 400 });
      expect(fault.message).to.include(`1 validation error detected: ${where} failed to satisfy constraint`);
    });

  it("names a member that is missing, unknown or of another type", async () => {
    const missing = await faultOf(update({ EndpointGroupArn: undefined }));
    expect(missing).to.include({
      name: "ValidationException",
      status: 400,
      message:
        "1 validation error detected: Value null at 'endpointGroupArn' failed to satisfy constraint: Member must not be null",
    });
    const sent = async (document: unknown) => {
      const headers = {
        ...signedFor("us-west-2", "globalaccelerator"),
        "x-amz-target": "GlobalAccelerator_V20180706.UpdateEndpointGroup",
      };
      const answer = await aws.request(JSON.stringify(document), headers);
      return { status: answer.status, ...((await answer.json()) as { __type: string; message: string }) };
    };
    const unknown = await sent({ EndpointGroupArn, TraficDialPercentage: 0 });
    expect(unknown).to.include({ status: 400, __type: "ValidationException" });
    expect(unknown.message).to.include("'traficDialPercentage'");
    const mistyped = await sent({ EndpointGroupArn, TrafficDialPercentage: "0" });
    expect(mistyped).to.include({ status: 400, __type: "SerializationException" });
    expect(mistyped.message).to.equal("trafficDialPercentage must be a number");
  });

  it("has its control plane in us-west-2 only", async () => {
    const fault = await faultOf(update({ TrafficDialPercentage: 0 }, homeRegion));
    expect(fault).to.include({ name: "InvalidSignatureException", status: 403 });
    expect(fault.message).to.include("us-west-2");
    expect(aws.cells.groups[0]?.dial).to.equal(100);
  });
});
