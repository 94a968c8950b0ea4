import type { Resource } from "../judged/resource.ts";
import { exceptPreview, type PairRule } from "../rule.ts";
import { ableToTakeOver } from "./compare/controls.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

export const cellsRunTheSameImages: PairRule = {
  about: "pair",
  name: "cells-run-the-same-images",
  area: "parity",
  severity: "high",
  what: "A Deployment runs images of the same names and tags in both cells.",
  why: "A standby of another release may read a journal that it does not understand, at the moment it has to replay it.",
  remedy: "Set castle:release alike in both stacks' configuration.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) =>
    peer.judgeEach(peer.ofType(DEPLOYMENT), (deployment) => {
      const other = home.ofType(DEPLOYMENT).find(({ name }) => name === deployment.name);
      const [wanted, found] = [other ? imagesOf(other) : "none", imagesOf(deployment)];
      return wanted === found
        ? []
        : [{ resource: deployment, property: "spec.template.spec.containers", found, wanted }];
    }),
  examples: {
    passing: {
      home: [running("eu-west-1.example/castle/gateway:1.0.0")],
      peer: [running("eu-central-1.example/castle/gateway:1.0.0")],
    },
    failing: {
      home: [running("eu-west-1.example/castle/gateway:1.0.0")],
      peer: [running("eu-central-1.example/castle/gateway:0.9.0")],
    },
  },
};

/** Without the registry, which is each region's own. */
const imagesOf = (deployment: Resource): string =>
  deployment
    .each("spec.template.spec.containers")
    .map((container) => (container.text("image") ?? "none").replace(/^[^/]*\//, ""))
    .join(", ");

function running(image: string) {
  return { type: DEPLOYMENT, props: { spec: { template: { spec: { containers: [{ image }] } } } } };
}
