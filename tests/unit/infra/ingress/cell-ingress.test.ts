import { services } from "@castle/services/catalogue.ts";
import { expect } from "chai";
import { CellIngress } from "../../../../infra/cell/ingress/cell-ingress.ts";
import { edgeHosts } from "../../../../infra/global/hosts.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys, network, storage } from "../support/parts-of-tests.ts";
import { type RecordOptions, record } from "../support/recorded.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const CERTIFICATE = "aws:acm/certificate:Certificate";

const ingressOf = (stack: string, options: RecordOptions = {}) =>
  record(() => new CellIngress("castle", { context: contextOf(stack), network, keys, storage }), options);

describe("the way into a cell", () => {
  for (const stack of ["prd", "dr"])
    it(`is protected, logged, and has no address of its own in ${stack}, known before anything exists`, async () => {
      const { inputs, protect } = (await ingressOf(stack, { preview: true })).one(BALANCER);
      expect(protect).to.equal(true);
      expect(inputs).to.deep.include({
        internal: true,
        enableDeletionProtection: true,
        dropInvalidHeaderFields: true,
        accessLogs: { bucket: "logs", prefix: "load-balancer", enabled: true },
      });
    });

  it("is open to the internet itself where no accelerator stands before it", async () => {
    expect((await ingressOf("dev")).one(BALANCER).inputs).to.include({ internal: false });
  });

  it("sends a connection away after a minute at the latest, so that none stays with a demoted cell", async () => {
    expect((await ingressOf("prd")).one(BALANCER).inputs).to.include({ clientKeepAlive: 60 });
  });

  it("has a listener and a target group for each service that the edge leads to, and for no other", async () => {
    const ingress = await ingressOf("prd");
    const wanted = services.filter(({ edgePort }) => edgePort !== null);
    expect(ingress.ofType(LISTENER).map(({ inputs }) => inputs["port"])).to.have.members(
      wanted.map(({ edgePort }) => edgePort),
    );
    expect(ingress.ofType(TARGETS).map(({ inputs }) => inputs["port"])).to.have.members(
      wanted.map(({ port }) => port),
    );
  });

  it("asks the pods themselves whether their cell is active, on the port that clients never reach", async () => {
    const ingress = await ingressOf("prd");
    for (const { name, edgePort, internalPort, healthPath } of services) {
      if (edgePort === null) continue;
      const { inputs } = ingress.one(TARGETS, `castle-${name}`);
      expect(healthPath).to.equal("/healthz/active");
      expect(inputs).to.deep.include({ targetType: "ip", deregistrationDelay: 10 });
      expect(inputs["healthCheck"]).to.include({
        path: "/healthz/active",
        port: String(internalPort),
        matcher: "200",
      });
    }
  });

  it("speaks TLS 1.2 at the least on every listener", async () => {
    for (const { inputs } of (await ingressOf("dr")).ofType(LISTENER)) {
      expect(inputs).to.include({ protocol: "HTTPS" });
      expect(inputs["sslPolicy"]).to.match(/^ELBSecurityPolicy-TLS13-1-2-Res/);
    }
  });

  it("has the firewall before it, which counts by the client's own address", async () => {
    const ingress = await ingressOf("prd");
    expect(ingress.one("aws:wafv2/webAclAssociation:WebAclAssociation").inputs["resourceArn"]).to.include(
      "castle-ingress",
    );
    const rules = ingress.one("aws:wafv2/webAcl:WebAcl").inputs["rules"] as {
      statement: { rateBasedStatement?: { aggregateKeyType: string } };
    }[];
    const keysOfCounts = rules.flatMap(
      ({ statement }) => statement.rateBasedStatement?.aggregateKeyType ?? [],
    );
    expect(keysOfCounts).to.deep.equal(["IP"]);
  });

  it("writes down what the firewall stopped, without keys and signatures", async () => {
    const ingress = await ingressOf("prd");
    const { inputs } = ingress.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration");
    expect(inputs["redactedFields"]).to.deep.equal([
      { singleHeader: { name: "x-mbx-apikey" } },
      { queryString: {} },
    ]);
    expect(ingress.one("aws:cloudwatch/logGroup:LogGroup").inputs["name"]).to.match(/^aws-waf-logs-/);
  });
});

describe("a cell's certificate", () => {
  it("is for the same names in both cells", async () => {
    const asked = [];
    for (const stack of ["prd", "dr"]) asked.push((await ingressOf(stack)).one(CERTIFICATE).inputs);
    expect(asked[0]).to.deep.equal(asked[1]);
    expect(asked[0]).to.deep.include({
      domainName: "api.castle.example",
      subjectAlternativeNames: ["stream.castle.example"],
      validationMethod: "DNS",
    });
  });

  it("needs no zone: the records that the home cell's stack writes are for the same names", async () => {
    const ingress = await ingressOf("dr");
    const written = edgeHosts(contextOf("prd").settings.domain);
    const { domainName, subjectAlternativeNames } = ingress.one(CERTIFICATE).inputs;
    expect([domainName, ...(subjectAlternativeNames as string[])]).to.have.members([...written]);
    expect(ingress.ofType("aws:route53/record:Record")).to.be.empty;
    expect(ingress.ofType("aws:acm/certificateValidation:CertificateValidation")).to.have.lengthOf(1);
  });
});
