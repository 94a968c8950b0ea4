import { peerOf, regionNamed, witnessRegion } from "@castle/regions/catalogue.ts";
import { services } from "@castle/services/catalogue.ts";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import { layOutSubnets } from "../cell/network/subnet-layout.ts";
import type {
  CachePart,
  ClusterPart,
  DatabasePart,
  IngressPart,
  JournalPart,
  NetworkPart,
} from "../cell/parts.ts";
import { policyDocument } from "../policy-document.ts";
import { externalSecretOf } from "./external-secret.ts";
import type { WorkloadFacts } from "./facts.ts";
import { denyAll } from "./firewall.ts";
import { podIdentityTrust } from "./pod-identity.ts";
import { grantsOfRunbooks, grantToRunbooks } from "./runbook-access.ts";
import { ServiceWorkload } from "./service-workload.ts";
import { witnessStatements } from "./services-role.ts";

export interface WorkloadsArgs {
  readonly context: CellContext;
  readonly network: Pick<NetworkPart, "ranges">;
  readonly cluster: ClusterPart;
  readonly database: Pick<DatabasePart, "endpoint" | "readerEndpoint">;
  readonly journal: Pick<JournalPart, "endpoint">;
  readonly cache: Pick<CachePart, "endpoint">;
  readonly ingress: Pick<IngressPart, "targetGroupArns">;
}

/** Every service of the catalogue in the cell's cluster, in a namespace where nothing is allowed that is not named. */
export class Workloads extends ComponentResource {
  constructor(name: string, args: WorkloadsArgs, opts?: ComponentResourceOptions) {
    super("castle:workloads:Workloads", name, {}, opts);
    const { context, cluster, ingress } = args;
    const { names, settings, region } = context;
    const { namespace } = names;
    const aside = { parent: this };
    const here = { parent: this, provider: cluster.kubernetes };

    const space = new kubernetes.core.v1.Namespace(
      name,
      {
        metadata: {
          name: namespace,
          // What a pod may be; the load balancer's readiness gates stay out: no pod of a standby would pass them.
          labels: {
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      here,
    );
    const inside = { ...here, dependsOn: [space] };
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-deny-all`,
      { metadata: { name: "deny-all", namespace }, spec: denyAll },
      inside,
    );
    const secret = new kubernetes.apiextensions.CustomResource(
      `${name}-secret`,
      externalSecretOf(names),
      inside,
    );
    for (const grant of grantsOfRunbooks()) grantToRunbooks(grant, namespace, inside);

    const role = new aws.iam.Role(
      `${name}-services`,
      { assumeRolePolicy: podIdentityTrust(settings.account, region.name, names.cluster) },
      aside,
    );
    new aws.iam.RolePolicy(
      `${name}-services`,
      { role: role.id, policy: policyDocument(witnessStatements(settings.account, names.witnessTable)) },
      aside,
    );
    const facts = factsOf(args);
    for (const service of services)
      new ServiceWorkload(
        `${name}-${service.name}`,
        {
          ...{ service, facts, roleArn: role.arn, clusterName: cluster.name },
          targetGroupArn: ingress.targetGroupArns[service.name],
        },
        { parent: this, providers: { kubernetes: cluster.kubernetes }, dependsOn: [space, secret] },
      );
    this.registerOutputs({});
  }
}

/** What the services are told of their cell. */
function factsOf({ context, network, database, journal, cache }: WorkloadsArgs): WorkloadFacts {
  const { settings, names, region, peer } = context;
  const { account, release } = settings;
  return {
    region: region.name,
    namespace: names.namespace,
    imageOf: (service) =>
      `${account}.dkr.ecr.${region.name}.amazonaws.com/${names.repository(service)}:${release}`,
    ...{ database, journal, cache },
    peerJournal: settings.peer?.journalEndpoint ?? null,
    witnessTable: names.witnessTable,
    loadBalancerRanges: network.ranges.public,
    storeRanges: [...network.ranges.data, ...(peer ? layOutSubnets(peer.cidr).data : [])],
    privateRanges: [region, regionNamed(peerOf(region.name)), regionNamed(witnessRegion)].map(
      ({ cidr }) => cidr,
    ),
  };
}
