import { peerOf } from "@castle/regions/catalogue.ts";
import { control } from "../frameworks.ts";
import type { Resource } from "../judged/resource.ts";
import { exceptPreview, type PairRule } from "../rule.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration";

export const imagesAreInBothRegions: PairRule = {
  about: "pair",
  name: "images-are-in-both-regions",
  area: "recovery",
  severity: "critical",
  what: "Every image repository of the home cell stands in the peer's too, and its images are copied there.",
  why: "A node that starts in the region that takes over pulls from its own registry, the other's being gone.",
  remedy: "Make the repository in both cells and name the peer's region in the home registry's replication.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(5)"),
    control("iso22301", "8.3"),
    control("iso27001", "A.8.14"),
    control("soc2", "A1.2"),
  ],
  judge: (home, peer, { region }) => {
    const wanted = peerOf(region);
    const copied = home.ofType(REPLICATION).flatMap((each) => prefixesTo(each, wanted));
    const there = peer.ofType(REPOSITORY).map((each) => each.text("name"));
    return home.judgeEach(home.ofType(REPOSITORY), (repository) => {
      const name = repository.text("name") ?? "";
      return [
        ...(there.includes(name)
          ? []
          : [{ resource: repository, property: "name", found: "in the home cell alone", wanted: "in both" }]),
        ...(copied.some((prefix) => name.startsWith(prefix))
          ? []
          : [{ resource: repository, property: "replication", found: "none", wanted: `to ${wanted}` }]),
      ];
    });
  },
  examples: {
    passing: {
      home: [
        { type: REPOSITORY, props: { name: "castle/gateway" } },
        {
          type: REPLICATION,
          props: {
            replicationConfiguration: {
              rules: [
                {
                  destinations: [{ region: "eu-central-1", registryId: "111122223333" }],
                  repositoryFilters: [{ filter: "castle/", filterType: "PREFIX_MATCH" }],
                },
              ],
            },
          },
        },
      ],
      peer: [{ type: REPOSITORY, props: { name: "castle/gateway" } }],
    },
    failing: {
      home: [{ type: REPOSITORY, props: { name: "castle/gateway" } }],
      peer: [{ type: REPOSITORY, props: { name: "castle/gateway" } }],
    },
  },
};

/** What begins the names of repositories that are copied to a region; the empty text for all. */
const prefixesTo = (configuration: Resource, region: string): readonly string[] =>
  configuration
    .each("replicationConfiguration.rules")
    .filter((rule) => rule.each("destinations").some((to) => to.text("region") === region))
    .flatMap((rule) => {
      const filters = rule.each("repositoryFilters").map((filter) => filter.text("filter") ?? "");
      return filters.length === 0 ? [""] : filters;
    });
