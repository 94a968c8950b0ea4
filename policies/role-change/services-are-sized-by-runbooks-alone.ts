import { serviceNames } from "@castle/services/catalogue.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";
import { leftAlone } from "./leaving/left-alone.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

/** Add-ons are sized by the program: no handover alters them. */
const isService = (name: string | undefined): boolean => serviceNames.some((service) => service === name);

export const servicesAreSizedByRunbooksAlone: ResourceRule = {
  about: "resource",
  name: "services-are-sized-by-runbooks-alone",
  area: "role-change",
  severity: "high",
  what: "How many instances of a service run, an update leaves alone.",
  why: "A handover sizes the cell that takes over for the whole load; an update would shrink it to standby under full traffic.",
  remedy: "Leave spec.replicas out of each service's Deployment, or name it in ignoreChanges.",
  enforcement: exceptPreview,
  controls: changeSafely,
  types: [DEPLOYMENT],
  judge: (deployment) =>
    isService(deployment.text("metadata.name")) && deployment.has("spec.replicas")
      ? leftAlone(deployment, ["spec.replicas"])
      : [],
  examples: {
    passing: {
      type: DEPLOYMENT,
      props: { metadata: { name: "order-gateway" }, spec: { replicas: 1 } },
      ignoreChanges: ["spec.replicas"],
    },
    failing: { type: DEPLOYMENT, props: { metadata: { name: "order-gateway" }, spec: { replicas: 1 } } },
  },
};
