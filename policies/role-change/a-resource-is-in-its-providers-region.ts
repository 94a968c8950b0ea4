import type { Resource } from "../judged/resource.ts";
import { everywhere, type Finding, type StackRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";

/** Where a resource itself says in which zone it stands. */
const zonesOf = (resource: Resource): readonly (readonly [property: string, zone: unknown])[] => {
  const one = resource.has("availabilityZone")
    ? [["availabilityZone", resource.value("availabilityZone")]]
    : [];
  const several = resource.has("preferredCacheClusterAzs") ? resource.value("preferredCacheClusterAzs") : [];
  return [
    ...one,
    ...(Array.isArray(several) ? several.map((zone) => ["preferredCacheClusterAzs", zone]) : []),
  ].map(([property, zone]) => [String(property), zone] as const);
};

export const aResourceIsInItsProvidersRegion: StackRule = {
  about: "stack",
  name: "a-resource-is-in-its-providers-region",
  area: "role-change",
  severity: "critical",
  what: "No AWS resource names another region, or a zone of another region, than its provider's.",
  why: "A cell must be deployable while the other region answers nobody, and a resource that strayed there is lost with it.",
  remedy: "Leave region out, or ask it of a provider of that region; take zones from the region's catalogue.",
  enforcement: everywhere,
  controls: changeSafely,
  judge: (stack) =>
    stack.judgeEach(
      stack.resources.filter(({ type }) => type.startsWith("aws:")),
      (resource): readonly Finding[] => {
        const region = resource.facts.provider?.region;
        if (!region) return [];
        const named = resource.text("region");
        const strayed = zonesOf(resource).filter(
          ([, zone]) => typeof zone === "string" && !zone.startsWith(region),
        );
        return [
          ...(named !== undefined && named !== region
            ? [{ resource, property: "region", found: named, wanted: region }]
            : []),
          ...strayed.map(([property, zone]) => ({
            resource,
            property,
            found: String(zone),
            wanted: `a zone of ${region}`,
          })),
        ];
      },
    ),
  examples: {
    passing: [
      {
        type: "aws:rds/clusterInstance:ClusterInstance",
        props: { availabilityZone: "eu-west-1a" },
        region: "eu-west-1",
      },
    ],
    failing: [
      {
        type: "aws:rds/clusterInstance:ClusterInstance",
        props: { availabilityZone: "eu-central-1a" },
        region: "eu-west-1",
      },
    ],
  },
};
