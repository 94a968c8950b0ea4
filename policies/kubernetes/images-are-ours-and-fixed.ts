import { control } from "../frameworks.ts";
import { allContainersOf, podKeepers } from "../judged/pods.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const imagesAreOursAndFixed: ResourceRule = {
  about: "resource",
  name: "images-are-ours-and-fixed",
  area: "kubernetes",
  severity: "high",
  what: "An image comes from the cell's own registry, by a tag that never moves.",
  why: "A registry elsewhere is a thing more that a failover needs, and latest is another program tomorrow.",
  remedy: "Name the region's own repository and a release.",
  enforcement: everywhere,
  controls: [
    control("iso27001", "A.8.19"),
    control("soc2", "CC8.1"),
    control("dora", "Art. 28"),
    control("cis-eks", "5.1.4"),
  ],
  types: podKeepers,
  judge: (deployment, { account, region }) =>
    allContainersOf(deployment).flatMap((each) => {
      const image = each.text("image") ?? "none";
      const ours = image.startsWith(`${account}.dkr.ecr.${region}.amazonaws.com/`);
      return ours && /:[^/:]+$/.test(image) && !image.endsWith(":latest")
        ? []
        : [
            {
              resource: deployment,
              property: `containers.${each.text("name")}.image`,
              found: image,
              wanted: "a release in the region's own registry",
            },
          ];
    }),
  examples: {
    passing: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "a",
                  image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/castle/production/order-gateway:1.0.0",
                },
              ],
            },
          },
        },
      },
    },
    failing: {
      type: "kubernetes:apps/v1:Deployment",
      props: { spec: { template: { spec: { containers: [{ name: "a", image: "node:latest" }] } } } },
    },
  },
};
