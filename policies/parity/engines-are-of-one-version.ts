import { exceptPreview, type PairRule } from "../rule.ts";
import { alike } from "./compare/alike.ts";
import { ableToTakeOver } from "./compare/controls.ts";

export const enginesAreOfOneVersion: PairRule = {
  about: "pair",
  name: "engines-are-of-one-version",
  area: "parity",
  severity: "critical",
  what: "Databases have the same engine and version, patch level included, in both cells.",
  why: "AWS may refuse a managed failover between members of different versions, and replay must behave as the first time.",
  remedy: "Turn the version in infra/cell/database/engine.ts, in both cells: the standby's first.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) =>
    alike(home, peer, {
      types: ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"],
      properties: ["engine", "engineVersion"],
    }),
  examples: {
    passing: {
      home: [{ type: "aws:rds/cluster:Cluster", props: { engineVersion: "17.7" } }],
      peer: [{ type: "aws:rds/cluster:Cluster", props: { engineVersion: "17.7" } }],
    },
    failing: {
      home: [{ type: "aws:rds/cluster:Cluster", props: { engineVersion: "17.7" } }],
      peer: [{ type: "aws:rds/cluster:Cluster", props: { engineVersion: "17.5" } }],
    },
  },
};
