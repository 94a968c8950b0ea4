import { readFileSync } from "node:fs";
import { type Service, services } from "@castle/services/catalogue.ts";
import { loadConfig } from "@castle/services/kernel/config.ts";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { largestOf } from "../../../../infra/workloads/autoscaler.ts";
import { secretKeys } from "../../../../infra/workloads/facts.ts";
import { Workloads } from "../../../../infra/workloads/workloads.ts";
import { contextOf } from "../support/cell-context.ts";
import { network } from "../support/parts-of-tests.ts";
import { type Recording, record } from "../support/recorded.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const host = (name: string): string => `${name}.abc.eu-west-1.rds.amazonaws.com`;

let recording: Recording;
before(async () => {
  recording = await workloadsOf("prd");
});

describe("the workloads", () => {
  it("are the services of the catalogue, all of them and no others", () => {
    for (const type of [
      DEPLOYMENT,
      AUTOSCALER,
      "kubernetes:policy/v1:PodDisruptionBudget",
      "kubernetes:core/v1:Service",
    ])
      expect(recording.ofType(type).map(nameOf).sort(), type).to.deep.equal(
        services.map(({ name }) => name).sort(),
      );
  });

  for (const service of services)
    describe(`of ${service.name}`, () => {
      it("do not say how many they are: an up would send it again, and shrink the cell that has taken over", () => {
        expect(at(deploymentOf(service).inputs, "spec")).not.to.have.property("replicas");
      });

      it("grow by themselves to no less than the active size, and never shrink by themselves", () => {
        const { inputs } = one(AUTOSCALER, service);
        expect(at(inputs, "spec.minReplicas")).to.equal(service.replicas.standby);
        expect(at(inputs, "spec.maxReplicas"))
          .to.equal(largestOf(service))
          .and.be.at.least(service.replicas.active);
        expect(at(inputs, "spec.behavior.scaleDown.selectPolicy")).to.equal("Disabled");
      });

      it("are configured by all that the service asks for, and nothing is misspelt", () => {
        const env = environmentOf(service);
        const config = loadConfig(env);
        expect(config).to.include({ service: service.name, region: "eu-west-1", port: service.port });
        expect(new URL(config.databaseUrl).hostname).to.equal(host("database"));
        for (const name of Object.keys(env).filter((each) => !each.endsWith("_PASSWORD"))) {
          const { [name]: _, ...without } = env;
          expect(configOr(without), `without ${name}`).not.to.deep.equal(config);
        }
      });

      it("ask for their stores over TLS, vouched for by name", () => {
        const env = environmentOf(service);
        for (const name of ["DATABASE_URL", "DATABASE_READER_URL", "JOURNAL_URL", "PEER_JOURNAL_URL"])
          expect(new URL(env[name] ?? "").searchParams.get("sslmode"), name).to.equal("verify-full");
        expect(env["REDIS_URL"]).to.match(/^rediss:/);
      });

      it("hold no secret: passwords are named, and filled in by the cluster", () => {
        const text = JSON.stringify(deploymentOf(service).inputs);
        expect(text).to.include("$(DATABASE_PASSWORD)").and.not.include("swordfish");
      });

      it("ask the probes of the internal port, and are ready in a standby too", () => {
        const container = containerOf(service);
        expect(container["ports"]).to.deep.include({ name: "internal", containerPort: service.internalPort });
        expect(at(container, "readinessProbe.httpGet.path")).to.equal("/healthz/ready");
        expect(at(container, "livenessProbe.httpGet.path")).to.equal("/healthz/live");
      });

      it("are what Kubernetes lets run where it is strictest", () => {
        expect(at(containerOf(service), "securityContext")).to.deep.equal({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(at(deploymentOf(service).inputs, "spec.template.spec.securityContext")).to.deep.include({
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
        });
      });

      it("take what the catalogue says they ask of a node", () => {
        expect(at(containerOf(service), "resources.requests")).to.deep.equal(service.resources);
      });

      it("are bound to the load balancer if the edge leads to them, by the port that it sends to", () => {
        const bound = recording
          .ofType("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding")
          .filter((each) => nameOf(each) === service.name);
        expect(bound.map(({ inputs }) => at(inputs, "spec.targetGroupARN"))).to.deep.equal(
          service.edgePort === null ? [] : [`arn:of:${service.name}`],
        );
      });
    });

  it("are alone in their namespace: what no policy names is refused, and pods are restricted", () => {
    const all = recording.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy");
    const denying = all.filter(
      ({ inputs }) => Object.keys(at(inputs, "spec.podSelector") as object).length === 0,
    );
    expect(denying.map(({ inputs }) => at(inputs, "spec"))).to.deep.equal([
      { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    ]);
    expect(at(recording.one("kubernetes:core/v1:Namespace").inputs, "metadata.labels")).to.include({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
  });

  it("reach the internet by TLS alone, and in both cells' address space the stores alone", () => {
    for (const { inputs } of recording.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")) {
      const egress = (at(inputs, "spec.egress") ?? []) as {
        to: { ipBlock?: { cidr: string; except?: string[] } }[];
        ports: { port: number }[];
      }[];
      for (const { to, ports } of egress)
        for (const { ipBlock } of to)
          if (ipBlock?.cidr === "0.0.0.0/0") {
            expect(ports.map(({ port }) => port)).to.deep.equal([443]);
            expect(ipBlock.except).to.include.members(["10.10.0.0/16", "10.20.0.0/16"]);
          }
    }
  });

  it("are given their secrets by name, and each key that a pod asks for is there", () => {
    const secret = recording.one("kubernetes:external-secrets.io/v1:ExternalSecret");
    const keys = (at(secret.inputs, "spec.data") as { secretKey: string }[]).map(
      ({ secretKey }) => secretKey,
    );
    expect(keys).to.deep.equal(Object.keys(secretKeys));
  });

  it("give runbooks what their own page says, and no more", () => {
    const page = parseAllDocuments(readFileSync("docs/runbooks/rbac.yaml", "utf8")).map(
      (each) => each.toJS() as { kind: string; rules?: unknown },
    );
    for (const kind of ["Role", "ClusterRole"])
      expect(
        recording
          .ofType(`kubernetes:rbac.authorization.k8s.io/v1:${kind}`)
          .map(({ inputs }) => inputs["rules"]),
      ).to.deep.equal(page.filter((each) => each.kind === kind).map(({ rules }) => rules));
  });

  it("may ask the witness for its record, and nothing else of AWS", () => {
    const { inputs } = recording.one("aws:iam/rolePolicy:RolePolicy");
    expect(JSON.parse(String(inputs["policy"])).Statement).to.have.lengthOf(1);
    expect(String(inputs["policy"])).to.include("dynamodb:GetItem").and.not.include("*");
  });

  it("of a cell that stands alone find no journal of a peer, rather than their own", async () => {
    const alone = await workloadsOf("stg");
    for (const { inputs } of alone.ofType(DEPLOYMENT))
      expect(JSON.stringify(inputs)).to.include("@journal.peer.invalid:5432");
  });
});

function workloadsOf(stack: string): Promise<Recording> {
  return record(
    () => {
      const cell = new aws.Provider("cell", { region: "eu-west-1" });
      const provider = new kubernetes.Provider("kubernetes", { kubeconfig: "{}" });
      new Workloads(
        "cell",
        {
          context: contextOf(stack),
          network,
          cluster: { name: "castle", kubernetes: provider },
          database: { endpoint: host("database"), readerEndpoint: host("database-ro") },
          journal: { endpoint: host("journal") },
          cache: { endpoint: "cache.abc.euw1.cache.amazonaws.com" },
          ingress: {
            targetGroupArns: { "order-gateway": "arn:of:order-gateway", "market-data": "arn:of:market-data" },
          },
        },
        { providers: { aws: cell } },
      );
    },
    { stack },
  );
}

type Tree = Readonly<Record<string, unknown>>;

const at = (tree: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((found, key) => (found as Tree | undefined)?.[key], tree);

const nameOf = ({ inputs }: { readonly inputs: Tree }): string => String(at(inputs, "metadata.name"));

const one = (type: string, service: Service) => {
  const found = recording.ofType(type).find((each) => nameOf(each) === service.name);
  if (!found) throw new Error(`no ${type} of ${service.name}`);
  return found;
};

const deploymentOf = (service: Service) => one(DEPLOYMENT, service);

const containerOf = (service: Service): Tree => {
  const [container] = at(deploymentOf(service).inputs, "spec.template.spec.containers") as Tree[];
  if (!container) throw new Error(`${service.name} has no container`);
  return container;
};

/** The environment as the cluster makes it: secrets filled in, the pod's name taken, `$(NAME)` expanded. */
function environmentOf(service: Service): Record<string, string> {
  const made: Record<string, string> = {};
  for (const { name, value, valueFrom } of containerOf(service)["env"] as {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef?: { key: string } };
  }[]) {
    const key = valueFrom?.secretKeyRef?.key;
    if (key === "seal-key") made[name] = Buffer.alloc(32, 7).toString("base64");
    else if (key !== undefined) made[name] = "swordfish";
    else if (valueFrom) made[name] = `${service.name}-5d8f-abcde`;
    else made[name] = (value ?? "").replace(/\$\((\w+)\)/g, (all, named: string) => made[named] ?? all);
  }
  return made;
}

function configOr(env: Record<string, string>): unknown {
  try {
    return loadConfig(env);
  } catch (error) {
    return (error as Error).message;
  }
}
