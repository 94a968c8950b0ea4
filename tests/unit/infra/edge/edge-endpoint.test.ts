import { judgeEdgeEndpoints } from "@castle/dr-runbooks/readiness/checks/edge-endpoints.ts";
import { seconds } from "@castle/regions/duration.ts";
import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { EdgeEndpoint } from "../../../../infra/cell/edge/edge-endpoint.ts";
import { contextOf } from "../support/cell-context.ts";
import { record } from "../support/recorded.ts";

const BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/castle/1";

const groupOf = async (stack: string) =>
  (
    await record(() => {
      const provider = new aws.Provider("accelerator", { region: "us-west-2" });
      new EdgeEndpoint("castle", {
        context: contextOf(stack),
        ingress: { loadBalancerArn: BALANCER },
        listenerArn: "arn:aws:globalaccelerator::111122223333:accelerator/a/listener/l",
        provider,
      });
    })
  ).one("aws:globalaccelerator/endpointGroup:EndpointGroup");

interface Configuration {
  readonly endpointId: string;
  readonly weight: number;
  readonly clientIpPreservationEnabled: boolean;
}

describe("a cell's endpoint at the edge", () => {
  for (const [stack, region] of [
    ["prd", "eu-west-1"],
    ["dr", "eu-central-1"],
  ] as const)
    it(`of ${stack} is in ${region}, said outright, and asked of the accelerator's own region`, async () => {
      const { inputs, provider } = await groupOf(stack);
      expect(inputs).to.include({ endpointGroupRegion: region });
      expect(provider).to.include("::accelerator::");
    });

  it("leaves weight and dial to the runbooks", async () => {
    const { ignoreChanges, protect } = await groupOf("dr");
    expect(ignoreChanges).to.have.members(["endpointConfigurations", "trafficDialPercentage"]);
    expect(protect).to.equal(true);
  });

  it("preserves the address of the client, by which the firewall counts", async () => {
    const [endpoint] = (await groupOf("prd")).inputs["endpointConfigurations"] as Configuration[];
    expect(endpoint).to.include({ endpointId: BALANCER, clientIpPreservationEnabled: true });
  });

  it("is born as readiness wants it", async () => {
    const groups = [];
    for (const stack of ["prd", "dr"]) {
      const { inputs } = await groupOf(stack);
      const [endpoint] = inputs["endpointConfigurations"] as Configuration[];
      groups.push([
        stack,
        {
          endpoint: { weight: endpoint?.weight ?? 0, health: "HEALTHY" },
          strangers: [],
          dial: inputs["trafficDialPercentage"] as number,
          protocol: inputs["healthCheckProtocol"] as string,
          path: (inputs["healthCheckPath"] as string | undefined) ?? null,
          interval: seconds(inputs["healthCheckIntervalSeconds"] as number),
          threshold: inputs["thresholdCount"] as number,
        },
      ] as const);
    }
    expect(judgeEdgeEndpoints(groups)).to.include({ outcome: "holds" });
  });
});
