import type { Resource } from "./resource.ts";

/** Whatever keeps pods running, each with a template of them. */
export const podKeepers = [
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:apps/v1:DaemonSet",
] as const;

/** The containers that a keeper's pods run, each to look into. @throws NotKnown */
export const containersOf = (keeper: Resource): Resource[] => keeper.each("spec.template.spec.containers");

/** Those that run before them, too: what a container may do is the same question of either. @throws NotKnown */
export const allContainersOf = (keeper: Resource): Resource[] => [
  ...keeper.each("spec.template.spec.initContainers"),
  ...containersOf(keeper),
];
