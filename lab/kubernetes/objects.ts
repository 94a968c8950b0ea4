import { nodeType } from "./node-type.ts";
import type { DeploymentState, NodeState, PodState } from "./workload.ts";

/** Objects of the Kubernetes API, as far as anybody reads them here: field by field as the API's reference has them. */

export const NAMESPACE = "castle";

export const labelsOf = (service: string): Readonly<Record<string, string>> => ({
  "app.kubernetes.io/name": service,
  "app.kubernetes.io/part-of": "castle",
});

/** What images are called in the region: see ECR. */
export type ImageName = (service: string) => string;

export function deploymentObject(state: DeploymentState, pods: readonly PodState[], imageName: ImageName) {
  const { service, replicas, generation, createdAt, digest } = state;
  const own = pods.filter((pod) => pod.service === service && pod.endingSince === null);
  const ready = own.filter((pod) => pod.ready).length;
  const available = ready >= replicas;
  return {
    metadata: {
      ...{ name: service.name, namespace: NAMESPACE, labels: labelsOf(service.name), generation },
      ...{ resourceVersion: String(generation), creationTimestamp: instant(createdAt) },
    },
    spec: {
      ...{ replicas, selector: { matchLabels: labelsOf(service.name) } },
      template: {
        metadata: { labels: labelsOf(service.name) },
        spec: { containers: [containerOf(service, `${imageName(service.name)}@${digest}`)] },
      },
    },
    status: {
      observedGeneration: generation,
      replicas: own.length,
      ...(own.length > 0 && { updatedReplicas: own.length }),
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
      ...(ready < replicas && { unavailableReplicas: replicas - ready }),
      conditions: [
        {
          ...{ type: "Available", status: available ? "True" : "False" },
          reason: available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        },
      ],
    },
  };
}

export function scaleObject(state: DeploymentState, pods: readonly PodState[]) {
  const { service, replicas, generation, createdAt } = state;
  const selector = Object.entries(labelsOf(service.name)).map(([key, value]) => `${key}=${value}`);
  return {
    ...{ kind: "Scale", apiVersion: "autoscaling/v1" },
    metadata: {
      ...{ name: service.name, namespace: NAMESPACE },
      ...{ resourceVersion: String(generation), creationTimestamp: instant(createdAt) },
    },
    spec: { replicas },
    status: {
      replicas: pods.filter((pod) => pod.service === service && pod.endingSince === null).length,
      selector: selector.join(","),
    },
  };
}

export function podObject(pod: PodState, imageName: ImageName) {
  const { name, service, createdAt, node, digest, ready, restarts, endingSince } = pod;
  const image = `${imageName(service.name)}@${digest}`;
  const state = {
    pending: { waiting: { reason: "ContainerCreating" } },
    running: { running: { startedAt: instant(createdAt) } },
    waiting: { waiting: { reason: "CrashLoopBackOff" } },
  }[pod.process];
  return {
    metadata: {
      ...{
        name,
        namespace: NAMESPACE,
        labels: labelsOf(service.name),
        creationTimestamp: instant(createdAt),
      },
      ...(endingSince && { deletionTimestamp: instant(endingSince) }),
    },
    spec: { ...(node !== null && { nodeName: node }), containers: [containerOf(service, image)] },
    status: {
      phase: pod.process === "pending" ? "Pending" : "Running",
      conditions: [
        node === null
          ? {
              ...{ type: "PodScheduled", status: "False", reason: "Unschedulable" },
              message: "no node has room for it: insufficient cpu or memory",
            }
          : { type: "PodScheduled", status: "True" },
        { type: "Ready", status: ready ? "True" : "False" },
      ],
      ...(node !== null && {
        containerStatuses: [
          {
            ...{ name: service.name, image, ready, restartCount: restarts, state },
            imageID: pod.process === "pending" ? "" : image,
          },
        ],
      }),
    },
  };
}

export const nodeObject = ({ name, createdAt }: NodeState) => ({
  metadata: {
    ...{ name, creationTimestamp: instant(createdAt) },
    labels: { "node.kubernetes.io/instance-type": nodeType.name },
  },
  spec: {},
  status: {
    ...{ capacity: nodeType.capacity, allocatable: nodeType.allocatable },
    conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }],
  },
});

/** @param kind of one item. */
export const listObject = (apiVersion: string, kind: string, items: readonly object[]) => ({
  ...{ kind: `${kind}List`, apiVersion, metadata: { resourceVersion: "1" }, items },
});

/** How the API says that something went wrong. */
export const statusObject = (code: number, reason: string, message: string) => ({
  ...{ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code },
});

const containerOf = ({ name, port, internalPort, resources }: DeploymentState["service"], image: string) => ({
  ...{ name, image, resources: { requests: resources } },
  ports: [
    ...(port === null ? [] : [{ name: "traffic", containerPort: port }]),
    { name: "internal", containerPort: internalPort },
  ],
  readinessProbe: { httpGet: { path: "/healthz/ready", port: "internal" } },
});

/** Kubernetes writes instants to the second. */
const instant = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
