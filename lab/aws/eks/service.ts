import { randomUUID } from "node:crypto";
import {
  DescribeCluster$,
  type DescribeClusterRequest,
  DescribeNodegroup$,
  type DescribeNodegroupRequest,
  InvalidParameterException$,
  ListClusters$,
  type ListClustersRequest,
  ListNodegroups$,
  type ListNodegroupsRequest,
  ResourceInUseException$,
  ResourceNotFoundException$,
  ServerException$,
  ThrottlingException$,
  UpdateNodegroupConfig$,
  type UpdateNodegroupConfigRequest,
} from "@aws-sdk/client-eks";
import { regionNames } from "@castle/regions/catalogue.ts";
import type { Scaling } from "../../kubernetes/node-group.ts";
import type { ControlPlaneRegion } from "../cells.ts";
import { ChangeUnderWay } from "../change-under-way.ts";
import type { Cluster } from "../clusters.ts";
import { modelledFault } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import { type AwsService, type Call, operation, type ServiceParts } from "../service.ts";
import { restJsonProtocol } from "../wire/rest-json.ts";
import { describeCluster, describeNodegroup } from "./describe.ts";
import { paramsOf, requireScaling } from "./scaling.ts";

const pageLimit = { maxResults: { min: 1, max: 100 } };

/** EKS, over the clusters of the two cells: their APIs are served beside it, and their nodes are the lab's. */
export function eks({ clusters, identifiers, observe, pace }: ServiceParts): AwsService {
  const resizing = new Map(regionNames.map((region) => [region as string, new ChangeUnderWay<Scaling>()]));

  const cluster = (region: ControlPlaneRegion): Cluster | null =>
    region === "us-west-2" ? null : clusters(region);

  const requireCluster = (name: string, { region }: Call): Cluster => {
    const found = cluster(region);
    if (found?.name !== name)
      throw modelledFault(ResourceNotFoundException$, `No cluster found for name: ${name}.`);
    return found;
  };

  const requireNodegroup = (input: { clusterName?: string; nodegroupName?: string }, call: Call) => {
    const { clusterName = "", nodegroupName = "" } = input;
    const found = requireCluster(clusterName, call);
    const changes = resizing.get(call.region);
    if (nodegroupName !== nodegroupOf(call.region) || !changes)
      throw modelledFault(
        ResourceNotFoundException$,
        `No node group found for name: ${nodegroupName} in cluster ${clusterName}.`,
      );
    return { found, changes, nodegroupName };
  };

  const nodegroupOf = (region: ControlPlaneRegion): string | null =>
    region === "us-west-2" ? null : identifiers.cell(region).nodegroupName;

  const describe = (input: DescribeNodegroupRequest, call: Call) => {
    const { found, changes, nodegroupName } = requireNodegroup(named(input), call);
    return changes.with(
      async () => undefined,
      (_, underWay) => {
        const place = { region: call.region, isUpdating: underWay !== null };
        return { nodegroup: describeNodegroup(found, nodegroupName, place, identifiers) };
      },
    );
  };

  const resize = (input: UpdateNodegroupConfigRequest, call: Call) => {
    const { found, changes, nodegroupName } = requireNodegroup(named(input), call);
    const { nodes } = found;
    return changes.with(
      async () => nodes.scaling,
      (before, underWay) => {
        if (underWay !== null)
          throw modelledFault(
            ResourceInUseException$,
            `Node group ${nodegroupName} currently has an update in progress.`,
          );
        const after = requireScaling(input, before);
        const work = async () => {
          await pace.take("UpdateNodegroupConfig");
          nodes.scale(after);
        };
        changes.begin(after, work, (failure) =>
          observe({ kind: "change-ended", change: "node-group-update", to: call.region, failure }),
        );
        const update = { id: randomUUID(), status: "InProgress" as const, type: "ConfigUpdate" as const };
        return { update: { ...update, params: paramsOf(before, after), createdAt: new Date(), errors: [] } };
      },
    );
  };

  return {
    signingName: "eks",
    regions: regionNames,
    protocol: restJsonProtocol({ invalid }),
    failures: {
      throttled: () => modelledFault(ThrottlingException$, "Rate exceeded"),
      internal: () => modelledFault(ServerException$, "Internal server error"),
    },
    operations: [
      operation<ListClustersRequest>(
        ListClusters$,
        async (input, { region }) => {
          const { items, ...rest } = requirePage([cluster(region)?.name ?? []].flat(), input);
          return { clusters: items, ...rest };
        },
        pageLimit,
      ),
      operation<DescribeClusterRequest>(DescribeCluster$, async ({ name = "" }, call) => ({
        cluster: describeCluster(requireCluster(name, call), call.region, identifiers),
      })),
      operation<ListNodegroupsRequest>(
        ListNodegroups$,
        async (input, call) => {
          requireCluster(input.clusterName ?? "", call);
          const { items, ...rest } = requirePage([nodegroupOf(call.region) ?? []].flat(), input);
          return { nodegroups: items, ...rest };
        },
        pageLimit,
      ),
      operation<DescribeNodegroupRequest>(DescribeNodegroup$, describe),
      operation<UpdateNodegroupConfigRequest>(
        UpdateNodegroupConfig$,
        resize,
        {
          "scalingConfig.minSize": { min: 0, max: 450 },
          "scalingConfig.maxSize": { min: 1, max: 450 },
          "scalingConfig.desiredSize": { min: 0, max: 450 },
        },
        // EKS documents no error of its own for this; among those of the operation it is a parameter that is invalid.
        () => invalid("clientRequestToken was used before with other parameters"),
      ),
    ],
  };
}

const invalid = (message: string) => modelledFault(InvalidParameterException$, message);

/** The model requires both, and the protocol has checked it; the SDK's types alone still say undefined. */
const named = ({ clusterName = "", nodegroupName = "" }: DescribeNodegroupRequest) => ({
  clusterName,
  nodegroupName,
});

interface Paging {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

function requirePage(names: readonly string[], { maxResults, nextToken }: Paging) {
  const page = pageOf(names, (name) => name, { MaxRecords: maxResults, Marker: nextToken });
  if (page === null) throw invalid(`nextToken is none that a page ended with: ${nextToken}`);
  return { items: [...page.items], ...(page.Marker !== undefined && { nextToken: page.Marker }) };
}
