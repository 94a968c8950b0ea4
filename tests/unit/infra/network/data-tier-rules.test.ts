import { expect } from "chai";
import { parseCidr, within } from "../../../../infra/cell/network/cidr.ts";
import { type AclRule, dataTierRules } from "../../../../infra/cell/network/data-tier-rules.ts";
import { layOutSubnets } from "../../../../infra/cell/network/subnet-layout.ts";

const own = layOutSubnets("10.10.0.0/16");
const peer = layOutSubnets("10.20.0.0/16");

/** As AWS reads them: the first that fits decides, and nothing fits is no. */
const lets = (rules: readonly AclRule[], address: string, port: number): boolean =>
  [...rules]
    .sort((a, b) => a.ruleNo - b.ruleNo)
    .some(
      ({ cidrBlock, fromPort, toPort }) =>
        within(parseCidr(cidrBlock), parseCidr(`${address}/32`)) && fromPort <= port && port <= toPort,
    );

const PRIVATE = "10.10.64.9";
const PUBLIC = "10.10.34.9";
const DATA = "10.10.96.9";
const PEER_PRIVATE = "10.20.128.9";
const PEER_PUBLIC = "10.20.34.9";
const PEER_DATA = "10.20.32.9";

describe("the data tier", () => {
  const { ingress, egress } = dataTierRules(own, peer);

  for (const [who, address, port, answer] of [
    ["the private tier to PostgreSQL", PRIVATE, 5432, true],
    ["the private tier to the cache", PRIVATE, 6379, true],
    ["the private tier to anything else", PRIVATE, 22, false],
    ["the peer's private tier to the journal", PEER_PRIVATE, 5432, true],
    ["the peer's private tier to the cache, as a runner there", PEER_PRIVATE, 6379, true],
    ["the peer's private tier to anything else", PEER_PRIVATE, 22, false],
    ["a cache's replica to its primary", DATA, 6379, true],
    ["the public tier", PUBLIC, 5432, false],
    ["the peer's public tier", PEER_PUBLIC, 5432, false],
    ["the peer's data tier", PEER_DATA, 5432, false],
    ["the internet", "203.0.113.9", 5432, false],
  ] as const)
    it(`${answer ? "lets in" : "refuses"} ${who}`, () => {
      expect(lets(ingress, address, port)).to.equal(answer);
    });

  it("answers whom it lets in, and reaches nobody else", () => {
    for (const address of [PRIVATE, PEER_PRIVATE]) {
      expect(lets(egress, address, 40_000)).to.equal(true);
      expect(lets(egress, address, 443)).to.equal(false);
    }
    for (const address of [PUBLIC, PEER_PUBLIC, PEER_DATA, "203.0.113.9"])
      expect(lets(egress, address, 40_000)).to.equal(false);
  });

  it("knows no peer while the cell stands alone", () => {
    const alone = dataTierRules(own, null);
    expect(lets(alone.ingress, PEER_PRIVATE, 5432)).to.equal(false);
    expect(lets(alone.egress, PEER_PRIVATE, 40_000)).to.equal(false);
  });

  it("has no more rules than a network ACL may have by default, each with a number of its own", () => {
    for (const rules of [ingress, egress]) {
      expect(rules.length).to.be.at.most(20);
      expect(new Set(rules.map(({ ruleNo }) => ruleNo))).to.have.lengthOf(rules.length);
    }
  });
});
