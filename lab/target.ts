import type { Objectives } from "@castle/dr-runbooks/objectives.ts";
import { type Target, targetSchema } from "@castle/dr-runbooks/target.ts";
import { type CellRegion, cellRegions, witnessRegion } from "@castle/regions/catalogue.ts";
import type { Sizes } from "@castle/services/catalogue.ts";
import { labIdentifiers } from "./aws/identifiers.ts";
import { handoverTopic } from "./aws/lab-account.ts";
import { labNeeds } from "./cells/lab-needs.ts";
import { type LabSecrets, operatorUrls } from "./environment.ts";
import { NAMESPACE } from "./kubernetes/objects.ts";
import type { LabLayout } from "./layout.ts";
import { WITNESS_TABLE } from "./witness/witness-region.ts";

/** Castle's own part of a recovery: a lab's servers are promoted at once. */
const labObjectives: Objectives = { recoveryTimeSeconds: 8, recoveryPointCommands: 0 };

/** Where a runbook finds this lab: the same as on AWS, at the lab's own endpoint. */
export function labTarget(options: {
  readonly layout: LabLayout;
  readonly secrets: LabSecrets;
  /** How many instances of each service the lab runs. */
  readonly sizes: Sizes;
  readonly runsFolder: string;
  /** Where the key is that signs the records; not in their folder, so that it outlives that. */
  readonly keyFile: string;
  /** Who may approve by a signed file; nobody by default. */
  readonly approvers?: Target["approvers"];
}): Target {
  const { layout, secrets, sizes, runsFolder, keyFile, approvers } = options;
  const names = labIdentifiers();
  return targetSchema.parse({
    kind: "lab",
    name: "lab",
    awsEndpoint: `http://127.0.0.1:${layout.controlPlane}`,
    witness: {
      table: WITNESS_TABLE,
      region: witnessRegion,
      endpoint: `http://127.0.0.1:${layout.witness}`,
    },
    globalClusterIdentifier: names.globalClusterIdentifier,
    globalReplicationGroupId: names.globalReplicationGroupId,
    cells: Object.fromEntries(
      cellRegions.map((region) => {
        const { clusterArn, replicationGroupId, endpointGroupArn, endpointId, clusterName } =
          names.cell(region);
        const topicArn = names.topicArn(region, handoverTopic);
        return [
          region,
          {
            ...operatorUrls(region, layout, secrets),
            ...{ clusterArn, replicationGroupId, endpointGroupArn, endpointId, topicArn },
            metrics: metricsUrls(layout, region),
            cluster: { name: clusterName, namespace: NAMESPACE, replicas: sizes },
          },
        ];
      }),
    ),
    readiness: labNeeds,
    approvers,
    objectives: labObjectives,
    runsFolder,
    evidence: {
      keyFile,
      buckets: Object.fromEntries(cellRegions.map((region) => [region, names.cell(region).evidenceBucket])),
      // A lab is gone long before.
      retentionDays: 1,
    },
  });
}

/** Where each of the cell's gateways tells what traders are answered. */
const metricsUrls = (layout: LabLayout, region: CellRegion): string[] =>
  layout.cells
    .in(region)
    .services.filter(({ service }) => service.name === "order-gateway")
    .map(({ internalPort }) => `http://127.0.0.1:${internalPort}/metrics`);
