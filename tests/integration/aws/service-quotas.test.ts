import {
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  type ListServiceQuotasCommandInput,
  paginateListServiceQuotas,
} from "@aws-sdk/client-service-quotas";
import { quotaServices } from "@castle/lab/aws/service-quotas/quotas.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";

describe("the lab's Service Quotas", () => {
  let aws: ControlPlaneUnderTest;
  beforeEach(async () => {
    aws = await new ControlPlaneUnderTest().start();
  });
  afterEach(() => aws.stop());

  const listed = async (input: ListServiceQuotasCommandInput) =>
    (await aws.quotas(homeRegion).send(new ListServiceQuotasCommand(input))).Quotas ?? [];
  const got = async (ServiceCode: string, QuotaCode: string, more = {}) => {
    const command = new GetServiceQuotaCommand({ ServiceCode, QuotaCode, ...more });
    return (await aws.quotas(peerRegion).send(command)).Quota;
  };

  it("tells a quota with AWS's code, name and value, in the region that is asked", async () => {
    expect(await got("eks", "L-1194D53C")).to.deep.equal({
      ServiceCode: "eks",
      ServiceName: "Amazon Elastic Kubernetes Service (Amazon EKS)",
      QuotaArn: `arn:aws:servicequotas:${peerRegion}:${identifiers.account}:eks/L-1194D53C`,
      QuotaCode: "L-1194D53C",
      QuotaName: "Clusters",
      Value: 100,
      Unit: "None",
      Adjustable: true,
      GlobalQuota: false,
      QuotaAppliedAtLevel: "ACCOUNT",
    });
  });

  it("lists every quota of a service once, page by page", async () => {
    const client = aws.quotas(homeRegion);
    for (const [ServiceCode, { quotas }] of Object.entries(quotaServices)) {
      const codes: (string | undefined)[] = [];
      for await (const { Quotas = [] } of paginateListServiceQuotas(
        { client, pageSize: 2 },
        { ServiceCode },
      )) {
        expect(Quotas.length).to.be.within(1, 2);
        codes.push(...Quotas.map(({ QuotaCode }) => QuotaCode));
      }
      expect(codes).to.deep.equal(quotas.map(({ code }) => code).sort());
    }
  });

  it("lists one quota by its code, and none of a single resource", async () => {
    expect(await listed({ ServiceCode: "rds", QuotaCode: "L-952B80B8" })).to.have.length(1);
    expect(await listed({ ServiceCode: "rds", QuotaAppliedAtLevel: "RESOURCE" })).to.deep.equal([]);
    expect(await listed({ ServiceCode: "rds", QuotaAppliedAtLevel: "ALL" })).to.have.length(4);
  });

  it("refuses what it does not have, and a token that no page ended with", async () => {
    for (const call of [
      got("rds", "L-00000000"),
      got("eks", "L-952B80B8"),
      got("toString", "L-1"),
      listed({ ServiceCode: "s3" }),
    ])
      expect(await faultOf(call)).to.include({ name: "NoSuchResourceException", status: 404 });
    expect(await faultOf(listed({ ServiceCode: "rds", NextToken: "x" }))).to.include({
      name: "InvalidPaginationTokenException",
      status: 400,
    });
    expect(await faultOf(got("rds", "L-952B80B8", { ContextId: "x" }))).to.include({
      name: "IllegalArgumentException",
    });
  });
});
