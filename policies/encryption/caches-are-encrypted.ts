import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const cachesAreEncrypted: ResourceRule = {
  about: "resource",
  name: "caches-are-encrypted",
  area: "encryption",
  severity: "critical",
  what: "A cache is encrypted at rest and on its way.",
  why: "The queue of what comes after a trade is in it, and sessions to it carry its token.",
  remedy:
    "Set atRestEncryptionEnabled and transitEncryptionEnabled; a member of a datastore takes them from its primary.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
    control("pci", "4.2"),
  ],
  types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
  judge: (cache) =>
    cache.has("globalReplicationGroupId")
      ? []
      : (["atRestEncryptionEnabled", "transitEncryptionEnabled"] as const)
          .filter((property) => cache.value(property) !== true)
          .map((property) => ({ resource: cache, property, found: "off", wanted: "on" })),
  examples: {
    passing: {
      type: "aws:elasticache/replicationGroup:ReplicationGroup",
      props: { atRestEncryptionEnabled: true, transitEncryptionEnabled: true },
    },
    failing: {
      type: "aws:elasticache/replicationGroup:ReplicationGroup",
      props: { atRestEncryptionEnabled: true, transitEncryptionEnabled: false },
    },
  },
};
