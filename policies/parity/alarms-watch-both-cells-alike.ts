import { peerOf } from "@castle/regions/catalogue.ts";
import { control } from "../frameworks.ts";
import { exceptPreview, type PairRule } from "../rule.ts";
import { alike } from "./compare/alike.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const alarmsWatchBothCellsAlike: PairRule = {
  about: "pair",
  name: "alarms-watch-both-cells-alike",
  area: "parity",
  severity: "high",
  what: "Every alarm of one cell stands in the other too, with the same threshold over the same time.",
  why: "The cell that takes over is watched by its own alarms; one that it lacks is a failure nobody is told of.",
  remedy: "Make alarms in infra/cell/observability, for each cell.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 10(1)"),
    control("iso22301", "9.1"),
    control("iso27001", "A.8.16"),
    control("soc2", "CC7.2"),
    control("nist", "DE.CM-09"),
  ],
  // Those of other regions watch what both cells share.
  judge: (home, peer, { region }) =>
    alike(home, peer, {
      types: [ALARM],
      properties: [
        "threshold",
        "comparisonOperator",
        "period",
        "evaluationPeriods",
        "datapointsToAlarm",
        "treatMissingData",
      ],
      only: ({ facts }) => [region, peerOf(region)].some((cell) => cell === facts.provider?.region),
    }),
  examples: {
    passing: {
      home: [{ type: ALARM, props: { threshold: 10 } }],
      peer: [{ type: ALARM, props: { threshold: 10 } }],
    },
    failing: {
      home: [{ type: ALARM, props: { threshold: 10 } }],
      peer: [{ type: ALARM, props: { threshold: 1000 } }],
    },
  },
};
