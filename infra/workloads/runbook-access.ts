import { readFileSync } from "node:fs";
import * as kubernetes from "@pulumi/kubernetes";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

const PAGE = new URL("../../docs/runbooks/rbac.yaml", import.meta.url);

const metadata = z.object({ name: z.string(), namespace: z.string().optional() });
const rule = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});
const subject = z.object({ kind: z.string(), name: z.string(), apiGroup: z.string() });
const roleRef = z.object({ kind: z.string(), name: z.string(), apiGroup: z.string() });

const grant = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("Role"), metadata, rules: z.array(rule) }),
  z.object({ kind: z.literal("ClusterRole"), metadata, rules: z.array(rule) }),
  z.object({ kind: z.literal("RoleBinding"), metadata, subjects: z.array(subject), roleRef }),
  z.object({ kind: z.literal("ClusterRoleBinding"), metadata, subjects: z.array(subject), roleRef }),
]);

export type Grant = z.infer<typeof grant>;

/**
 * What runbooks may do in a cluster, as their own page says (docs/runbooks/rbac.yaml, made from their code).
 * @throws Error when the page holds anything else than roles and their bindings
 */
export const grantsOfRunbooks = (text = readFileSync(PAGE, "utf8")): readonly Grant[] =>
  parseAllDocuments(text).map((document) => grant.parse(document.toJS()));

/** @param namespace of the services, which the page's own stands for */
export function grantToRunbooks(each: Grant, namespace: string, options: CustomResourceOptions): Resource {
  const { name } = each.metadata;
  const inNamespace = { metadata: { name, namespace } };
  const ofCluster = { metadata: { name } };
  switch (each.kind) {
    case "Role":
      return new kubernetes.rbac.v1.Role(name, { ...inNamespace, rules: each.rules }, options);
    case "ClusterRole":
      return new kubernetes.rbac.v1.ClusterRole(name, { ...ofCluster, rules: each.rules }, options);
    case "RoleBinding":
      return new kubernetes.rbac.v1.RoleBinding(name, { ...inNamespace, ...boundBy(each) }, options);
    case "ClusterRoleBinding":
      return new kubernetes.rbac.v1.ClusterRoleBinding(name, { ...ofCluster, ...boundBy(each) }, options);
  }
}

const boundBy = ({ subjects, roleRef: role }: Extract<Grant, { roleRef: unknown }>) => ({
  subjects,
  roleRef: role,
});
