import { stepsOf } from "../engine/runbook.ts";
import { type KubernetesRight, kubernetesOperations, readinessAsksKubernetes } from "../kubernetes/calls.ts";
import type { CatalogueEntry } from "../runbooks/catalogue.ts";

/** Who has them: the group that an EKS access entry gives to the role that runbooks run as. */
const GROUP = "castle-runbooks";

/**
 * The rights that runbooks and readiness need in each cell's cluster, and none besides, as manifests for `kubectl apply`.
 * Pure. @throws Error when a step asks something of a cluster whose right is not known here.
 */
export function rbacManifests(
  catalogue: readonly Pick<CatalogueEntry, "runbook">[],
  alsoAsked: readonly string[] = readinessAsksKubernetes,
): string {
  const asked = catalogue
    .flatMap(({ runbook }) => stepsOf(runbook))
    .flatMap(({ calls = [] }) => calls.filter(({ service }) => service === "kubernetes"))
    .map(({ operation }) => operation);
  const rights = [...new Set([...asked, ...alsoAsked])].sort().map(rightOf);
  return `# Made from code by \`node scripts/pages.ts\`. Change the runbook, not this page.
#
# In both cells' clusters: kubectl apply -f rbac.yaml. Then let the role that runbooks run as be of the group:
#   aws eks create-access-entry --cluster-name CLUSTER --principal-arn ROLE --kubernetes-groups ${GROUP} --region REGION
# The namespace is the one in which the cell's services run.
${grant(
  { role: "Role", binding: "RoleBinding", namespace: "castle" },
  rights.filter((right) => right.inNamespace),
)}${grant(
  { role: "ClusterRole", binding: "ClusterRoleBinding", namespace: null },
  rights.filter((right) => !right.inNamespace),
)}`;
}

function rightOf(operation: string): KubernetesRight {
  const rights: Readonly<Record<string, KubernetesRight>> = kubernetesOperations;
  const right = rights[operation];
  if (!right)
    throw new Error(
      `${operation} is asked of a cluster, and dr-runbooks/kubernetes/calls.ts does not know which right it takes`,
    );
  return right;
}

function grant(
  { role, binding, namespace }: { role: string; binding: string; namespace: string | null },
  rights: readonly KubernetesRight[],
): string {
  const metadata = `metadata:
  name: ${GROUP}${namespace === null ? "" : `\n  namespace: ${namespace}`}`;
  const rules = rights.map(
    ({ apiGroup, resource, verb }) =>
      `  - apiGroups: ["${apiGroup}"]\n    resources: ["${resource}"]\n    verbs: ["${verb}"]`,
  );
  return `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${role}
${metadata}
rules:
${rules.join("\n")}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${binding}
${metadata}
subjects:
  - kind: Group
    name: ${GROUP}
    apiGroup: rbac.authorization.k8s.io
roleRef:
  kind: ${role}
  name: ${GROUP}
  apiGroup: rbac.authorization.k8s.io
`;
}
