import { services } from "@castle/services/catalogue.ts";
import { millicores } from "@castle/services/quantity.ts";
import { certificateDomains } from "../aws/lab-account.ts";
import { repositoryOf, secretNames } from "./lab-holdings.ts";

const coresWhenActive = services
  .map(({ replicas, resources }) => (replicas.active * millicores(resources.cpu)) / 1_000)
  .reduce((sum, more) => sum + more, 0);

/** What a cell is started from, as a runbook's target names it: the same as on AWS, and small enough for a new account. */
export const labNeeds = {
  repositories: services.map(({ name }) => repositoryOf(name)),
  secrets: Object.values(secretNames),
  // A lab is backed up when it starts, and when it is asked to be: it has no continuous backup.
  backups: { keptDays: 1, freshMinutes: 24 * 60 },
  certificates: [...certificateDomains],
  quotas: [
    { serviceCode: "rds", quotaCode: "L-952B80B8", least: 1 }, // DB clusters: the Aurora member
    { serviceCode: "rds", quotaCode: "L-7B6409FD", least: 2 }, // DB instances: its one, and the journal
    { serviceCode: "elasticache", quotaCode: "L-DFE45DF3", least: 1 }, // nodes
    { serviceCode: "eks", quotaCode: "L-1194D53C", least: 1 }, // clusters
    { serviceCode: "ec2", quotaCode: "L-1216C47A", least: Math.ceil(coresWhenActive) }, // On-Demand vCPUs
  ],
};
