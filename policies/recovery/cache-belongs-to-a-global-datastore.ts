import { control } from "../frameworks.ts";
import { exceptPreview, type StackRule } from "../rule.ts";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const DATASTORE = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup";

export const cacheBelongsToAGlobalDatastore: StackRule = {
  about: "stack",
  name: "cache-belongs-to-a-global-datastore",
  area: "recovery",
  severity: "high",
  what: "Every cache is a member of a global datastore: its first, or one that joins it.",
  why: "A cache that stands alone is empty in the other region when that takes over, and every client of it starts cold.",
  remedy:
    "Set globalReplicationGroupId on the peer's cache, and make a GlobalReplicationGroup of the home cell's.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(5)"),
    control("iso22301", "8.3"),
    control("iso27001", "A.8.14"),
    control("soc2", "A1.2"),
  ],
  judge: (stack) =>
    stack.judgeEach(stack.ofType(GROUP), (cache) => {
      if (cache.text("globalReplicationGroupId")) return [];
      const id = cache.text("replicationGroupId");
      const datastores = stack.ofType(DATASTORE);
      return datastores.some((each) => each.text("primaryReplicationGroupId") === id)
        ? []
        : [{ resource: cache, property: "globalReplicationGroupId", found: "none", wanted: "a datastore" }];
    }),
  examples: {
    passing: [
      { type: GROUP, props: { replicationGroupId: "castle-eu-west-1" } },
      { type: DATASTORE, props: { primaryReplicationGroupId: "castle-eu-west-1" } },
    ],
    failing: [{ type: GROUP, props: { replicationGroupId: "castle-eu-west-1" } }],
  },
};
