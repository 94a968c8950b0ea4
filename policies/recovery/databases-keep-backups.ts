import { control } from "../frameworks.ts";
import { exceptPreview, type Platform, type ResourceRule } from "../rule.ts";

/** Days. The most that RDS keeps is 35, and production keeps a month: a mistake is often found at its end. */
const leastDays = ({ profile }: Platform): number => (profile.name === "production" ? 30 : 7);

export const databasesKeepBackups: ResourceRule = {
  about: "resource",
  name: "databases-keep-backups",
  area: "recovery",
  severity: "critical",
  what: "Every database keeps automatic backups for 30 days in production, and for a week elsewhere.",
  why: "Replication carries a destroying statement to the other region within a second; only a backup goes back before it.",
  remedy: "Set backupRetentionPeriod to what the profile keeps.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(1)"),
    control("iso27001", "A.8.13"),
    control("soc2", "A1.2"),
    control("nist", "PR.DS-11"),
    control("mica", "Art. 68"),
  ],
  types: ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"],
  judge: (database, platform) => {
    const kept = database.number("backupRetentionPeriod");
    const least = leastDays(platform);
    return kept !== undefined && kept >= least
      ? []
      : [
          {
            resource: database,
            property: "backupRetentionPeriod",
            found: kept === undefined ? "none" : `${kept} days`,
            wanted: `${least} days or more`,
          },
        ];
  },
  examples: {
    passing: { type: "aws:rds/instance:Instance", props: { backupRetentionPeriod: 35 } },
    failing: { type: "aws:rds/instance:Instance", props: { backupRetentionPeriod: 7 } },
  },
};
