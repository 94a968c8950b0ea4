import type { Misconfiguration } from "./misconfiguration.ts";

export const recoveryMistakes: readonly Misconfiguration[] = [
  {
    what: "The peer's Aurora cluster stands alone",
    rule: "aurora-belongs-to-a-global-database",
    seed: (_, peer) => peer.one("aws:rds/cluster:Cluster").drop("globalClusterIdentifier"),
  },
];
