import { readCredentialScope } from "@castle/lab/aws/credential-scope.ts";
import { expect } from "chai";

const scope = "AKIA/20260101/eu-west-1/rds/aws4_request";
const header = (credential = scope) =>
  `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=0123abcd`;

describe("readCredentialScope", () => {
  it("reads key, region and service, with or without a space after the commas", () => {
    for (const text of [header(), header().replaceAll(", ", ",")])
      expect(readCredentialScope(text)).to.deep.equal({
        is: "read",
        scope: { accessKeyId: "AKIA", region: "eu-west-1", service: "rds" },
      });
  });

  for (const text of [undefined, "", "  "])
    it(`finds it missing in ${JSON.stringify(text)}`, () => {
      expect(readCredentialScope(text)).to.deep.equal({ is: "missing" });
    });

  for (const [text, because] of [
    ["Bearer x", "the authorization scheme must be AWS4-HMAC-SHA256"],
    ["AWS4-HMAC-SHA256", "'Credential'"],
    [`AWS4-HMAC-SHA256 Credential=${scope}, Signature=0`, "'SignedHeaders'"],
    [`AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host`, "'Signature'"],
    [header("AKIA/20260101/eu-west-1/rds"), "KEY/YYYYMMDD/REGION/SERVICE"],
    [header("AKIA/20260101//rds/aws4_request"), "KEY/YYYYMMDD/REGION/SERVICE"],
    [header(`${scope}/more`), "KEY/YYYYMMDD/REGION/SERVICE"],
  ] as const)
    it(`says what is wrong with ${text}`, () => {
      const reading = readCredentialScope(text);
      expect(reading).to.include({ is: "malformed" });
      expect(reading).to.have.property("because").that.includes(because);
    });
});
