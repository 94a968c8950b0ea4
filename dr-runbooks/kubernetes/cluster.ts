import type { EKSClient } from "@aws-sdk/client-eks";
import { requireLoopback } from "@castle/regions/loopback.ts";
import type { ServiceName, Sizes } from "@castle/services/catalogue.ts";
import { sdk } from "../aws/sdk.ts";
import type { AwsClients } from "../clients.ts";
import type { CellRegion, ClusterTarget, Target } from "../target.ts";
import { KubernetesApi } from "./api.ts";
import type { KubernetesOperation } from "./calls.ts";
import { type Deployment, deploymentsIn, type Node, nodesIn, type Pod, podsIn } from "./objects.ts";
import { sizesIn } from "./sizes.ts";
import { clusterToken } from "./token.ts";

/** A cluster as EKS tells it. */
export interface ClusterFacts {
  /** `ACTIVE`, `UPDATING` … */
  readonly status: string;
  /** `1.34` */
  readonly version: string;
  /** What EKS finds wrong with it, in its words. */
  readonly issues: readonly string[];
}

export interface NodegroupFacts {
  readonly name: string;
  readonly status: string;
  readonly desired: number;
  readonly max: number;
}

/** EKS takes a token for 14 minutes; a new one costs nothing. Milliseconds. */
const TOKEN_FOR_MS = 600_000;

/** The Kubernetes cluster that runs a cell's services. Connected when first used. */
export class CellCluster {
  readonly sizes: Sizes;
  readonly #eks: EKSClient;
  readonly #region: CellRegion;
  readonly #target: ClusterTarget;
  readonly #kind: Target["kind"];
  #api: Promise<KubernetesApi> | null = null;
  #token: { readonly made: Promise<string>; readonly at: number } | null = null;

  constructor(eks: EKSClient, region: CellRegion, target: ClusterTarget, kind: Target["kind"]) {
    this.sizes = sizesIn(target);
    this.#eks = eks;
    this.#region = region;
    this.#target = target;
    this.#kind = kind;
  }

  async describe(): Promise<ClusterFacts> {
    const { status, version, health } = await this.#described();
    return {
      status: status ?? "unknown",
      version: version ?? "unknown",
      issues: (health?.issues ?? []).map(({ code, message }) => `${code}: ${message}`),
    };
  }

  async nodegroups(): Promise<readonly NodegroupFacts[]> {
    const clusterName = this.#target.name;
    const { nodegroups = [] } = await this.#eks.send(new sdk.eks.ListNodegroupsCommand({ clusterName }));
    return Promise.all(
      nodegroups.map(async (nodegroupName) => {
        const { nodegroup } = await this.#eks.send(
          new sdk.eks.DescribeNodegroupCommand({ clusterName, nodegroupName }),
        );
        const { desiredSize = 0, maxSize = 0 } = nodegroup?.scalingConfig ?? {};
        return {
          name: nodegroupName,
          status: nodegroup?.status ?? "unknown",
          desired: desiredSize,
          max: maxSize,
        };
      }),
    );
  }

  /** Of Castle's services; whatever else the namespace holds is none of ours. */
  async deployments(): Promise<readonly Deployment[]> {
    return deploymentsIn(
      await this.#get("ListDeployments", `/apis/apps/v1/namespaces/${this.#target.namespace}/deployments`),
    );
  }

  async pods(): Promise<readonly Pod[]> {
    return podsIn(await this.#get("ListPods", `/api/v1/namespaces/${this.#target.namespace}/pods`));
  }

  async nodes(): Promise<readonly Node[]> {
    return nodesIn(await this.#get("ListNodes", "/api/v1/nodes"));
  }

  /** Resolves when the cluster has taken it down; pods come and go afterwards. */
  async scale(service: ServiceName, replicas: number): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${this.#target.namespace}/deployments/${service}/scale`;
    await (await this.#connected()).patch("PatchDeploymentsScale", path, { spec: { replicas } });
  }

  async #get(operation: KubernetesOperation, path: string): Promise<unknown> {
    return (await this.#connected()).get(operation, path);
  }

  #connected(): Promise<KubernetesApi> {
    this.#api ??= this.#connect().catch((error: unknown) => {
      this.#api = null; // whoever tries again asks again
      throw error;
    });
    return this.#api;
  }

  async #connect(): Promise<KubernetesApi> {
    const { endpoint, certificateAuthority } = await this.#described();
    const what = `the endpoint of cluster ${this.#target.name} in ${this.#region}`;
    if (!endpoint?.startsWith("https://") || !certificateAuthority?.data)
      throw new Error(`${what} is not told yet: it is being made, or did not come up`);
    return new KubernetesApi({
      // What a lab's EKS answers must not lead a rehearsal to a real cluster either.
      endpoint: this.#kind === "lab" ? requireLoopback(endpoint, what) : requireEks(endpoint, what),
      certificateAuthority: Buffer.from(certificateAuthority.data, "base64").toString("utf8"),
      token: () => this.#validToken(),
      region: this.#region,
      cluster: this.#target.name,
    });
  }

  #validToken(): Promise<string> {
    const now = Date.now();
    if (!this.#token || now - this.#token.at > TOKEN_FOR_MS)
      this.#token = { made: clusterToken(this.#eks, this.#region, this.#target.name), at: now };
    return this.#token.made;
  }

  async #described() {
    const { cluster } = await this.#eks.send(new sdk.eks.DescribeClusterCommand({ name: this.#target.name }));
    if (!cluster) throw new Error(`EKS in ${this.#region} tells nothing of cluster ${this.#target.name}`);
    return cluster;
  }
}

/** null when the target names no cluster for the cell. */
export function cellCluster(target: Target, region: CellRegion, aws: AwsClients): CellCluster | null {
  const { cluster } = target.cells[region];
  return cluster ? new CellCluster(aws.eks(region), region, cluster, target.kind) : null;
}

/** @throws Error when what is told to be EKS's is not AWS's: a token must not leave for anybody else. */
function requireEks(endpoint: string, what: string): string {
  if (/\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(new URL(endpoint).hostname)) return endpoint;
  throw new Error(`${what} is ${endpoint}, which is not in AWS's domain`);
}
