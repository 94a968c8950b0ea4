import { X509Certificate } from "node:crypto";
import { ownCertificate } from "@castle/lab/kubernetes/certificate.ts";
import { nodeWithRoom, roomOf } from "@castle/lab/kubernetes/node-type.ts";
import { readSelector } from "@castle/lab/kubernetes/selector.ts";
import { whatIsWrong } from "@castle/lab/kubernetes/token.ts";
import { services } from "@castle/services/catalogue.ts";
import { bytes, millicores } from "@castle/services/quantity.ts";
import { expect } from "chai";

describe("quantities as Kubernetes writes them", () => {
  for (const [text, milli] of [
    ["1", 1_000],
    ["1.5", 1_500],
    ["500m", 500],
  ] as const)
    it(`reads ${text} as ${milli} thousandths of a core`, () => expect(millicores(text)).to.equal(milli));
  for (const [text, size] of [
    ["512Mi", 536_870_912],
    ["1G", 1e9],
    ["128974848", 128_974_848],
  ] as const)
    it(`reads ${text} as ${size} bytes`, () => expect(bytes(text)).to.equal(size));
  for (const text of ["", "m", "1 core", "-1", "1Mi"])
    it(`knows no quantity of cores in ${JSON.stringify(text)}`, () =>
      expect(() => millicores(text)).to.throw("is no quantity of cores"));
  it("are what the catalogue's resources are written in", () => {
    for (const { resources } of services) expect(roomOf(resources).cpu).to.be.greaterThan(0);
  });
});

describe("a label selector", () => {
  const labels = { app: "gateway", tier: "front" };
  for (const [text, meets] of [
    ["", true],
    ["app=gateway", true],
    ["app==gateway,tier=front", true],
    ["app=gateway,tier=back", false],
    ["app!=engine", true],
    ["other!=x", true],
    ["app", true],
    ["!app", false],
    ["!other", true],
  ] as const)
    it(`${JSON.stringify(text)} is ${meets ? "" : "not "}met`, () =>
      expect(readSelector(text)?.(labels)).to.equal(meets));
  for (const text of ["app in (a,b)", "=a", "a=b=c"])
    it(`is none: ${text}`, () => expect(readSelector(text)).to.equal(null));
});

describe("a node of the lab", () => {
  const core = roomOf({ cpu: "1", memory: "512Mi" });
  it("has room for one whole core and not for two, since some is kept for itself", () => {
    expect(nodeWithRoom([[]], core)).to.equal(0);
    expect(nodeWithRoom([[core]], core)).to.equal(null);
    expect(nodeWithRoom([[core], []], core)).to.equal(1);
    expect(nodeWithRoom([], core)).to.equal(null);
  });
  it("counts memory too", () =>
    expect(nodeWithRoom([[]], roomOf({ cpu: "1m", memory: "8Gi" }))).to.equal(null));
});

describe("a cluster's own certificate", () => {
  it("is for this machine, is its own authority, and holds now", () => {
    const { certificate, key } = ownCertificate("castle-eu-west-1");
    const read = new X509Certificate(certificate);
    expect(read.ca).to.equal(true);
    expect(read.verify(read.publicKey)).to.equal(true);
    expect(read.checkIP("127.0.0.1")).to.equal("127.0.0.1");
    expect(read.checkHost("elsewhere.example")).to.equal(undefined);
    expect(Date.parse(read.validFrom)).to.be.lessThan(Date.now());
    expect(Date.parse(read.validTo)).to.be.greaterThan(Date.now());
    expect(key).to.match(/^-----BEGIN PRIVATE KEY/);
  });
});

describe("a token for a cluster", () => {
  const now = Date.parse("2026-11-27T12:00:00Z");
  const url = (changes: Record<string, string> = {}, base = "https://sts.eu-west-1.amazonaws.com/") => {
    const made = new URL(base);
    const query = {
      ...{ Action: "GetCallerIdentity", Version: "2011-06-15", "X-Amz-Algorithm": "AWS4-HMAC-SHA256" },
      "X-Amz-Credential": "lab/20261127/eu-west-1/sts/aws4_request",
      ...{ "X-Amz-Date": "20261127T115500Z", "X-Amz-Expires": "60" },
      ...{ "X-Amz-SignedHeaders": "host;x-k8s-aws-id", "X-Amz-Signature": "a".repeat(64) },
      ...changes,
    };
    for (const [name, value] of Object.entries(query)) made.searchParams.set(name, value);
    return `Bearer k8s-aws-v1.${Buffer.from(made.href).toString("base64url")}`;
  };
  const found = (authorization: string | undefined) => whatIsWrong(authorization, "eu-west-1", now);

  it("is well when it is one", () => expect(found(url())).to.equal(null));
  for (const [what, authorization, told] of [
    ["no token", undefined, /no bearer token/],
    ["another kind of token", "Bearer eyJhbGciOi", /does not begin with k8s-aws-v1/],
    ["no URL in it", `Bearer k8s-aws-v1.${Buffer.from("x").toString("base64url")}`, /holds no URL/],
    [
      "another region's STS",
      url({}, "https://sts.eu-central-1.amazonaws.com/"),
      /not to the STS of eu-west-1/,
    ],
    ["plain HTTP", url({}, "http://sts.eu-west-1.amazonaws.com/"), /leads to http:/],
    ["another action", url({ Action: "GetSessionToken" }), /asks for something else/],
    ["no signature", url({ "X-Amz-Signature": "" }), /not signed/],
    [
      "another region's signature",
      url({ "X-Amz-Credential": "lab/20261127/eu-central-1/sts/aws4_request" }),
      /signed for sts in eu-central-1/,
    ],
    ["no cluster in the signature", url({ "X-Amz-SignedHeaders": "host" }), /does not cover x-k8s-aws-id/],
    ["too long a life", url({ "X-Amz-Expires": "3600" }), /to hold for 3600 s/],
    ["too great an age", url({ "X-Amz-Date": "20261127T114000Z" }), /signed 1200 s ago/],
    ["no date", url({ "X-Amz-Date": "" }), /signed NaN s ago/],
  ] as const)
    it(`opens nothing: ${what}`, () => expect(found(authorization)).to.match(told));
});
