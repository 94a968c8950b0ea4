import { exceptPreview, type PairRule } from "../rule.ts";
import { alike } from "./compare/alike.ts";
import { ableToTakeOver } from "./compare/controls.ts";

export const databaseParametersAreTheSame: PairRule = {
  about: "pair",
  name: "database-parameters-are-the-same",
  area: "parity",
  severity: "critical",
  what: "Parameter groups of the databases hold the same in both cells.",
  why: "Durability of a commit, TLS and timeouts are parameters: the cell that takes over must keep the same promises.",
  remedy: "Set parameters in infra/cell/database/parameters.ts alone.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) =>
    alike(home, peer, {
      types: ["aws:rds/clusterParameterGroup:ClusterParameterGroup", "aws:rds/parameterGroup:ParameterGroup"],
      properties: ["family", "parameters"],
    }),
  examples: {
    passing: {
      home: [
        {
          type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
          props: { parameters: [{ name: "synchronous_commit", value: "on" }] },
        },
      ],
      peer: [
        {
          type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
          props: { parameters: [{ name: "synchronous_commit", value: "on" }] },
        },
      ],
    },
    failing: {
      home: [
        {
          type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
          props: { parameters: [{ name: "synchronous_commit", value: "on" }] },
        },
      ],
      peer: [
        {
          type: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
          props: { parameters: [{ name: "synchronous_commit", value: "off" }] },
        },
      ],
    },
  },
};
