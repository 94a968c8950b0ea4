import { expect } from "chai";
import { bucketPolicy } from "../../../../infra/cell/storage/bucket-policies.ts";
import { logPrefixes } from "../../../../infra/cell/storage/log-prefixes.ts";
import type { BucketKind } from "../../../../infra/names.ts";
import type { Statement } from "../../../../infra/policy-document.ts";

const KINDS: readonly BucketKind[] = ["frontend", "archive", "evidence", "logs"];
const policy = (kind: BucketKind, distribution = true): Statement[] =>
  JSON.parse(bucketPolicy({ kind, bucket: "b", account: "111122223333", distribution })).Statement;
const allowed = (kind: BucketKind) => policy(kind).filter(({ Effect }) => Effect === "Allow");

describe("a bucket's policy", () => {
  for (const kind of KINDS)
    it(`refuses whoever asks for the ${kind} without TLS, or with an old one`, () => {
      const denials = policy(kind).filter(({ Effect }) => Effect === "Deny");
      expect(denials.map(({ Condition }) => Condition)).to.deep.equal([
        { Bool: { "aws:SecureTransport": "false" } },
        { NumericLessThan: { "s3:TlsVersion": "1.2" } },
      ]);
      for (const denial of denials)
        expect(denial).to.deep.include({
          Principal: "*",
          Action: ["s3:*"],
          Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
        });
    });

  it("lets in nobody but services of AWS, each for this account alone", () => {
    for (const kind of KINDS)
      for (const { Sid, Principal, Condition, Action } of allowed(kind)) {
        expect(Principal, Sid).to.have.property("Service");
        expect(Condition?.["StringEquals"], Sid).to.include({ "aws:SourceAccount": "111122223333" });
        for (const action of Action) expect(action, Sid).not.to.include("*");
      }
  });

  it("of the archive and of evidence lets in nobody at all: that is for IAM", () => {
    expect([...allowed("archive"), ...allowed("evidence")]).to.deep.equal([]);
  });

  it("of the frontend lets distributions read pages, and only where there is one", () => {
    expect(allowed("frontend").map(({ Action }) => Action)).to.deep.equal([["s3:GetObject"]]);
    expect(policy("frontend", false).every(({ Effect }) => Effect === "Deny")).to.equal(true);
  });

  it("of the logs gives each writer a place of its own", () => {
    const places = allowed("logs").flatMap(({ Action, Resource }) =>
      Action.includes("s3:PutObject") ? Resource : [],
    );
    expect(places).to.have.members([
      `arn:aws:s3:::b/${logPrefixes.buckets}/*`,
      ...[logPrefixes.accelerator, logPrefixes.frontend, logPrefixes.loadBalancer].map(
        (prefix) => `arn:aws:s3:::b/${prefix}/AWSLogs/111122223333/*`,
      ),
    ]);
    expect(new Set(Object.values(logPrefixes))).to.have.lengthOf(Object.keys(logPrefixes).length);
  });
});
