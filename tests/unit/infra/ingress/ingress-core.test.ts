import { services } from "@castle/services/catalogue.ts";
import { expect } from "chai";
import { edgeServices } from "../../../../infra/cell/ingress/edge-services.ts";
import { firewallRules } from "../../../../infra/cell/ingress/firewall-rules.ts";
import { ingressRules } from "../../../../infra/cell/ingress/ingress-rules.ts";
import { CLIENT_KEEP_ALIVE, HEALTH, IDLE } from "../../../../infra/cell/ingress/timeouts.ts";

describe("the times on the way of a connection", () => {
  it("let each hop give up before the one behind it", () => {
    expect(IDLE.accelerator).to.be.lessThan(IDLE.loadBalancer);
    expect(IDLE.loadBalancer).to.be.lessThan(IDLE.gateway);
  });

  it("are such as AWS takes", () => {
    expect(CLIENT_KEEP_ALIVE).to.be.within(60, 604_800);
    expect(IDLE.loadBalancer).to.be.within(1, 4_000);
    expect(HEALTH.timeout).to.be.lessThan(HEALTH.interval);
  });
});

describe("what may come to a load balancer and leave it", () => {
  const ranges = { private: ["10.10.0.0/22"] };
  const { ingress, egress } = ingressRules(edgeServices, ranges);

  it("is the edge's ports, for anybody", () => {
    expect(ingress.map(({ fromPort, toPort }) => [fromPort, toPort])).to.deep.equal(
      edgeServices.map(({ edgePort }) => [edgePort, edgePort]),
    );
  });

  it("is the services' own ports, where they run, and nothing else", () => {
    expect(egress.map(({ fromPort }) => fromPort)).to.have.members(
      edgeServices.flatMap(({ port, internalPort }) => [port, internalPort]),
    );
    for (const { cidrBlocks } of egress) expect(cidrBlocks).to.deep.equal(ranges.private);
  });

  it("is never the internal port of a service", () => {
    const internal = services.map(({ internalPort }) => internalPort);
    for (const { fromPort } of ingress) expect(internal).not.to.include(fromPort);
  });
});

describe("the firewall's rules", () => {
  it("let a bot send 500 requests a second through one address, and twice that is too much", () => {
    const [rate] = firewallRules.flatMap((rule) => (rule.kind === "rate" ? [rule] : []));
    const perSecond = (rate?.limit ?? 0) / (rate?.windowSeconds ?? 1);
    expect(perSecond).to.be.greaterThan(500).and.at.most(1_000);
  });

  it("never turn a bot away for where it runs, or for being one", () => {
    const names = firewallRules.map(({ name }) => name);
    expect(names).not.to.include.members(["AWSManagedRulesAnonymousIpList"]);
    expect(names).not.to.include.members(["AWSManagedRulesBotControlRuleSet"]);
  });

  it("give a reason for each rule that only counts", () => {
    for (const rule of firewallRules)
      if (rule.kind === "managed")
        for (const reason of Object.values(rule.countOnly)) expect(reason).to.match(/\w+ \w+/);
  });

  it("have a priority each", () => {
    expect(new Set(firewallRules.map(({ priority }) => priority)).size).to.equal(firewallRules.length);
  });
});
