import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { record } from "./recorded.ts";

const build = (): void => {
  const provider = new aws.Provider("cell", { region: "eu-west-1" });
  const key = new aws.kms.Key("key", {}, { provider, protect: true, ignoreChanges: ["policy"] });
  new aws.sns.Topic("topic", { kmsMasterKeyId: key.arn }, { provider });
};

describe("a recording of a program", () => {
  it("shows the options that plain mocks hide", async () => {
    const key = (await record(build)).one("aws:kms/key:Key");
    expect(key).to.deep.include({ protect: true, ignoreChanges: ["policy"] });
    expect(key.provider).to.include("::cell::");
  });

  it("leaves unknown in a preview what only AWS can tell", async () => {
    const { inputs } = (await record(build, { preview: true })).one("aws:sns/topic:Topic");
    expect(inputs["kmsMasterKeyId"]).to.deep.equal({ __pulumiUnknown: true });
  });
});
