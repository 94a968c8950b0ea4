import type { Resource } from "./resource.ts";

/** The containers of a Deployment's pods, each to look into. @throws NotKnown */
export const containersOf = (deployment: Resource): Resource[] =>
  deployment.each("spec.template.spec.containers");
