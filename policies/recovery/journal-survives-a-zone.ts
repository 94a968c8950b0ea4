import { control } from "../frameworks.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";

export const journalSurvivesAZone: ResourceRule = {
  about: "resource",
  name: "journal-survives-a-zone",
  area: "recovery",
  severity: "critical",
  what: "The journal, as every single database instance, has a synchronous copy in another zone.",
  why: "The journal holds the other region's accepted commands; an order is acknowledged only once it is there, and a lost zone would stop both cells.",
  remedy: "Set multiAz on the instance.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(5)"),
    control("iso22301", "8.3"),
    control("iso27001", "A.8.14"),
    control("soc2", "A1.2"),
    control("nist", "PR.IR-04"),
  ],
  types: ["aws:rds/instance:Instance"],
  judge: (instance) =>
    instance.value("multiAz") === true
      ? []
      : [{ resource: instance, property: "multiAz", found: "one zone", wanted: "two zones" }],
  examples: {
    passing: { type: "aws:rds/instance:Instance", props: { multiAz: true } },
    failing: { type: "aws:rds/instance:Instance", props: { multiAz: false } },
  },
};
