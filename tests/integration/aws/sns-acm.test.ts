import { DescribeCertificateCommand, paginateListCertificates } from "@aws-sdk/client-acm";
import { GetTopicAttributesCommand, ListTopicsCommand, PublishCommand } from "@aws-sdk/client-sns";
import { certificateDomains } from "@castle/lab/aws/lab-account.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";

describe("the lab's SNS", () => {
  let aws: ControlPlaneUnderTest;
  const told: string[] = [];
  before(async () => {
    aws = await new ControlPlaneUnderTest({ published: ({ message }) => told.push(message) }).start();
  });
  after(() => aws.stop());

  const TopicArn = identifiers.topicArn(peerRegion, "castle-handovers");
  const publish = (own: object) =>
    aws.sns(peerRegion).send(new PublishCommand({ TopicArn, Message: "hello", ...own }));

  it("keeps what is published, and tells of it", async () => {
    const { MessageId } = await publish({
      ...{ Message: "a <b> & c", Subject: "castle" },
      MessageAttributes: { epoch: { DataType: "String", StringValue: "7" } },
    });
    expect(aws.published.at(-1)).to.include({
      messageId: MessageId,
      message: "a <b> & c",
      subject: "castle",
    });
    expect(aws.published.at(-1)?.attributes).to.deep.equal({ epoch: "7" });
    expect(told).to.deep.equal(["a <b> & c"]);
  });

  it("takes a message of a FIFO topic once", async () => {
    const fifo = {
      TopicArn: `${TopicArn}.fifo`,
      MessageGroupId: "castle",
      MessageDeduplicationId: "failover-1",
    };
    const before = aws.published.length;
    const [first, again] = [await publish(fifo), await publish(fifo)];
    expect(again.MessageId).to.equal(first.MessageId);
    expect(first.SequenceNumber).to.match(/^\d{20}$/);
    expect(aws.published).to.have.length(before + 1);
    const { Attributes } = await aws
      .sns(peerRegion)
      .send(new GetTopicAttributesCommand({ TopicArn: fifo.TopicArn }));
    expect(Attributes).to.include({ FifoTopic: "true", TopicArn: fifo.TopicArn });
  });

  it("keeps regions apart", async () => {
    const { Topics = [] } = await aws.sns(homeRegion).send(new ListTopicsCommand({}));
    expect(Topics.map((topic) => topic.TopicArn)).to.deep.equal(
      ["castle-handovers", "castle-handovers.fifo"].map((name) => identifiers.topicArn(homeRegion, name)),
    );
    const elsewhere = aws.sns(homeRegion).send(new PublishCommand({ TopicArn, Message: "x" }));
    expect(await faultOf(elsewhere)).to.include({ name: "NotFoundException", status: 404 });
  });

  for (const [what, own, wanted] of [
    ["an empty message", { Message: "" }, /Empty message/],
    ["a subject of two lines", { Subject: "a\nb" }, /Subject/],
    ["a telephone number", { PhoneNumber: "+100", TopicArn: undefined }, /topics only/],
    ["a message for nobody", { TopicArn: undefined }, /no value for required parameter/],
    ["a deduplication id where none belongs", { MessageDeduplicationId: "x" }, /not a FIFO topic/],
    [
      "a FIFO topic's without one",
      { TopicArn: `${TopicArn}.fifo`, MessageGroupId: "g" },
      /provided explicitly/,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      expect((await faultOf(publish(own))).message).to.match(wanted);
    });
});

describe("the lab's ACM", () => {
  let aws: ControlPlaneUnderTest;
  before(async () => {
    aws = await new ControlPlaneUnderTest().start();
  });
  after(() => aws.stop());

  it("lists a region's certificates page by page, and describes one", async () => {
    const client = aws.acm(peerRegion);
    const listed = [];
    for await (const { CertificateSummaryList = [] } of paginateListCertificates({ client }, { MaxItems: 1 }))
      listed.push(...CertificateSummaryList);
    expect(listed.map(({ DomainName }) => DomainName)).to.have.members([...certificateDomains]);
    const arn = listed[0]?.CertificateArn ?? "";
    const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn: arn }));
    expect(Certificate).to.include({ CertificateArn: arn, Status: "ISSUED", RenewalEligibility: "ELIGIBLE" });
    expect(Certificate?.InUseBy).to.deep.equal([identifiers.cell(peerRegion).endpointId]);
    const elsewhere = aws.acm(homeRegion).send(new DescribeCertificateCommand({ CertificateArn: arn }));
    expect((await faultOf(elsewhere)).name).to.equal("ResourceNotFoundException");
    const nonsense = client.send(
      new DescribeCertificateCommand({ CertificateArn: "arn:aws:acm:x:y:z:certificate" }),
    );
    expect((await faultOf(nonsense)).name).to.equal("InvalidArnException");
  });
});
