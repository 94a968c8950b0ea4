import { control } from "../frameworks.ts";
import { exceptPreview, type PairRule } from "../rule.ts";

const CLUSTER = "aws:rds/cluster:Cluster";

export const globalDatabaseHasAMemberInEachCell: PairRule = {
  about: "pair",
  name: "global-database-has-a-member-in-each-cell",
  area: "recovery",
  severity: "critical",
  what: "Every Aurora cluster of one cell has a fellow in the other cell, in the same global database.",
  why: "Each cell could name a global database of its own: then both stand alone, and neither shows it.",
  remedy: "Give both clusters the same globalClusterIdentifier.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(5)"),
    control("iso22301", "8.3"),
    control("iso27001", "A.8.14"),
    control("soc2", "A1.2"),
    control("nist", "PR.IR-03"),
  ],
  judge: (home, peer) =>
    [
      [home, peer],
      [peer, home],
    ].flatMap(([here, there]) =>
      here === undefined || there === undefined
        ? []
        : here.judgeEach(here.ofType(CLUSTER), (cluster) => {
            const database = cluster.text("globalClusterIdentifier");
            const fellow = there
              .ofType(CLUSTER)
              .some((other) => other.text("globalClusterIdentifier") === database);
            return database === undefined || fellow
              ? []
              : [
                  {
                    resource: cluster,
                    property: "globalClusterIdentifier",
                    found: `${database}, alone in it`,
                    wanted: "the other cell's",
                  },
                ];
          }),
    ),
  examples: {
    passing: {
      home: [{ type: CLUSTER, props: { globalClusterIdentifier: "castle" } }],
      peer: [{ type: CLUSTER, props: { globalClusterIdentifier: "castle" } }],
    },
    failing: {
      home: [{ type: CLUSTER, props: { globalClusterIdentifier: "castle" } }],
      peer: [{ type: CLUSTER, props: { globalClusterIdentifier: "castle-2" } }],
    },
  },
};
