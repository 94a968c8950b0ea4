import type { Service } from "@castle/services/catalogue.ts";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { autoscalerOf } from "./autoscaler.ts";
import { deploymentOf, labelsOf } from "./deployment.ts";
import type { WorkloadFacts } from "./facts.ts";
import { firewallOf } from "./firewall.ts";

export interface ServiceWorkloadArgs {
  readonly service: Service;
  readonly facts: WorkloadFacts;
  readonly clusterName: Input<string>;
  /** What its pods may do in AWS. */
  readonly roleArn: Input<string>;
  /** Where the load balancer looks for its pods; undefined for a service that the edge does not lead to. */
  readonly targetGroupArn: Input<string> | undefined;
}

/** How many may be missing while nodes are drained: one, also where there is one, or no node could ever be replaced. */
const MAY_BE_MISSING = 1;

/** Everything one service of the catalogue is in a cluster. */
export class ServiceWorkload extends ComponentResource {
  constructor(
    name: string,
    { service, facts, clusterName, roleArn, targetGroupArn }: ServiceWorkloadArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:workloads:ServiceWorkload", name, {}, opts);
    const here = { parent: this };
    const labels = labelsOf(service);
    const metadata = { name: service.name, namespace: facts.namespace, labels };

    const account = new kubernetes.core.v1.ServiceAccount(
      name,
      { metadata, automountServiceAccountToken: false },
      here,
    );
    const identity = new aws.eks.PodIdentityAssociation(
      name,
      { clusterName, namespace: facts.namespace, serviceAccount: service.name, roleArn },
      here,
    );
    new kubernetes.networking.v1.NetworkPolicy(name, { metadata, spec: firewallOf(service, facts) }, here);
    new kubernetes.apps.v1.Deployment(
      name,
      { metadata, spec: deploymentOf(service, facts) },
      { ...here, dependsOn: [account, identity] },
    );
    new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
      name,
      { metadata, spec: autoscalerOf(service) },
      here,
    );
    new kubernetes.policy.v1.PodDisruptionBudget(
      name,
      { metadata, spec: { maxUnavailable: MAY_BE_MISSING, selector: { matchLabels: labels } } },
      here,
    );
    new kubernetes.core.v1.Service(
      name,
      {
        metadata,
        spec: {
          type: "ClusterIP",
          selector: labels,
          ports: [
            ...(service.port === null
              ? []
              : [{ name: "traffic", port: service.port, targetPort: "traffic" }]),
            { name: "internal", port: service.internalPort, targetPort: "internal" },
          ],
        },
      },
      here,
    );
    if (targetGroupArn !== undefined)
      new kubernetes.apiextensions.CustomResource(
        name,
        {
          apiVersion: "elbv2.k8s.aws/v1beta1",
          kind: "TargetGroupBinding",
          metadata,
          spec: {
            serviceRef: { name: service.name, port: "traffic" },
            targetGroupARN: targetGroupArn,
            targetType: "ip",
          },
        },
        here,
      );
    this.registerOutputs({});
  }
}
