import { control } from "../frameworks.ts";
import { exceptPreview, type StackRule } from "../rule.ts";

const KEY = "aws:kms/key:Key";
const REPLICA = "aws:kms/replicaKey:ReplicaKey";
const CLUSTER = "aws:rds/cluster:Cluster";

const STORES = [
  CLUSTER,
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:secretsmanager/secret:Secret",
];

export const storesUseMultiRegionKeys: StackRule = {
  about: "stack",
  name: "stores-use-multi-region-keys",
  area: "recovery",
  severity: "critical",
  what: "Databases, caches and secrets are encrypted with the cell's multi-Region key or its replica.",
  why: "A backup or a secret under a key of one region cannot be opened by anybody once that region is gone.",
  remedy: "Set multiRegion on the key in the home cell, and use its replica in the peer's.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(2)"),
    control("iso22301", "8.3"),
    control("iso27001", "A.8.24"),
    control("soc2", "A1.2"),
    control("pci", "3.6"),
  ],
  // The key's ARN is AWS's to give; which key it is of, the store's dependencies tell.
  judge: (stack) => {
    const keys = new Map(stack.ofType(KEY, REPLICA).map((key) => [key.facts.urn, key]));
    return stack.judgeEach(
      stack.ofType(...STORES).filter((store) => store.has("kmsKeyId")),
      (store) => {
        const waited = store.facts.dependencies.flatMap((urn) => keys.get(urn) ?? []);
        const spanning = waited.filter((key) => key.type === REPLICA || key.value("multiRegion") === true);
        return spanning.length > 0
          ? []
          : [
              {
                resource: store,
                property: "kmsKeyId",
                found: waited[0] ? `${waited[0].name}, of one region` : "no key of this stack",
                wanted: "a multi-Region key or its replica",
              },
            ];
      },
    );
  },
  examples: {
    passing: [
      { type: KEY, name: "cell", props: { multiRegion: true } },
      { type: CLUSTER, name: "database", props: { kmsKeyId: "arn:aws:kms:…" }, waitsFor: ["cell"] },
    ],
    failing: [
      { type: KEY, name: "cell", props: { multiRegion: false } },
      { type: CLUSTER, name: "database", props: { kmsKeyId: "arn:aws:kms:…" }, waitsFor: ["cell"] },
    ],
  },
};
