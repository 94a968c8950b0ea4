import type { Call } from "../engine/step.ts";

/** What runbooks and readiness ask of a cluster's API, by a name like those of AWS's operations; and the right it takes. */
export const kubernetesOperations = {
  ListDeployments: { apiGroup: "apps", resource: "deployments", verb: "list", inNamespace: true },
  PatchDeploymentsScale: {
    apiGroup: "apps",
    resource: "deployments/scale",
    verb: "patch",
    inNamespace: true,
  },
  ListPods: { apiGroup: "", resource: "pods", verb: "list", inNamespace: true },
  ListNodes: { apiGroup: "", resource: "nodes", verb: "list", inNamespace: false },
} as const satisfies Readonly<Record<string, KubernetesRight>>;

export interface KubernetesRight {
  /** Empty for the core group. */
  readonly apiGroup: string;
  readonly resource: string;
  readonly verb: string;
  /** Nodes are of the whole cluster. */
  readonly inNamespace: boolean;
}

export type KubernetesOperation = keyof typeof kubernetesOperations;

const call = (operation: KubernetesOperation, reads: boolean): Call => ({
  ...{ service: "kubernetes", operation, in: "target", reads },
});

export const listDeployments: Call = call("ListDeployments", true);
export const listPods: Call = call("ListPods", true);
export const scaleDeployment: Call = call("PatchDeploymentsScale", false);

/** What readiness asks of both clusters. */
export const readinessAsksKubernetes: readonly KubernetesOperation[] = [
  "ListDeployments",
  "ListPods",
  "ListNodes",
];
