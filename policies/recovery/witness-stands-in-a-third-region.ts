import { witnessRegion } from "@castle/regions/catalogue.ts";
import { control } from "../frameworks.ts";
import { exceptPreview, type StackRule } from "../rule.ts";

const TABLE = "aws:dynamodb/table:Table";
const GLOBAL = "aws:rds/globalCluster:GlobalCluster";

export const witnessStandsInAThirdRegion: StackRule = {
  about: "stack",
  name: "witness-stands-in-a-third-region",
  area: "recovery",
  severity: "critical",
  what: "Whoever makes the global database makes the witness's table too, and in a region that holds no cell.",
  why: "A witness beside one of the cells goes down with it, and then nobody may say that the other is active.",
  remedy: "Ask the table of the provider of the witness's region (regions/catalogue.ts).",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(5)"),
    control("iso22301", "8.3"),
    control("iso27001", "A.8.14"),
    control("soc2", "A1.2"),
    control("nist", "PR.IR-03"),
  ],
  judge: (stack) => {
    const tables = stack.ofType(TABLE).filter((table) => table.text("name")?.endsWith("-witness"));
    const strayed = tables.filter((table) => table.facts.provider?.region !== witnessRegion);
    return [
      ...strayed.map((table) => ({
        resource: table,
        property: "provider",
        found: table.facts.provider?.region ?? "no region",
        wanted: witnessRegion,
      })),
      ...(tables.length > 0
        ? []
        : stack.ofType(GLOBAL).map((database) => ({
            resource: database,
            property: "witness",
            found: "no table",
            wanted: `a table in ${witnessRegion}`,
          }))),
    ];
  },
  examples: {
    passing: [
      { type: GLOBAL, props: {} },
      { type: TABLE, props: { name: "castle-witness" }, region: witnessRegion },
    ],
    failing: [
      { type: GLOBAL, props: {} },
      { type: TABLE, props: { name: "castle-witness" }, region: "eu-west-1" },
    ],
  },
};
