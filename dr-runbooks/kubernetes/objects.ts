import { type ServiceName, serviceNames } from "@castle/services/catalogue.ts";
import { z } from "zod";

/** What is read of Kubernetes' objects. Fields that it leaves out when they are zero or false are that. */

const metadata = z.object({ name: z.string(), deletionTimestamp: z.string().optional() });

const deployment = z.object({
  metadata,
  spec: z.object({ replicas: z.int().default(1) }),
  status: z.object({ readyReplicas: z.int().default(0) }).default({ readyReplicas: 0 }),
});

const pod = z.object({
  metadata: metadata.extend({ labels: z.record(z.string(), z.string()).default({}) }),
  status: z
    .object({
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
        .default([]),
      containerStatuses: z
        .array(
          z.object({
            name: z.string(),
            imageID: z.string().default(""),
            state: z.object({ waiting: z.object({ reason: z.string().optional() }).optional() }).optional(),
          }),
        )
        .default([]),
    })
    .default({ conditions: [], containerStatuses: [] }),
});

const node = z.object({
  metadata,
  spec: z.object({ unschedulable: z.boolean().default(false) }).default({ unschedulable: false }),
  status: z.object({
    allocatable: z.object({ cpu: z.string(), memory: z.string() }),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
  }),
});

/** The deployment of a service. */
export interface Deployment {
  readonly service: ServiceName;
  readonly wanted: number;
  readonly ready: number;
}

/** A pod of a service; those that are ending are none. */
export interface Pod {
  readonly name: string;
  readonly service: ServiceName;
  readonly ready: boolean;
  /** Why it is not ready, as far as Kubernetes says. */
  readonly because: string | null;
  /** `sha256:…` of the image that it runs; null before it runs one. */
  readonly digest: string | null;
}

/** A node that takes pods. */
export interface Node {
  readonly name: string;
  /** What pods may ask of it together, as Kubernetes writes it. */
  readonly allocatable: { readonly cpu: string; readonly memory: string };
}

export const deploymentsIn = (answer: unknown): readonly Deployment[] =>
  listOf(deployment)
    .parse(answer)
    .items.flatMap(({ metadata: { name }, spec, status }) => {
      const service = serviceOf(name);
      return service ? [{ service, wanted: spec.replicas, ready: status.readyReplicas }] : [];
    });

export const podsIn = (answer: unknown): readonly Pod[] =>
  listOf(pod)
    .parse(answer)
    .items.flatMap(({ metadata: { name, labels, deletionTimestamp }, status }) => {
      const service = serviceOf(labels["app.kubernetes.io/name"] ?? "");
      if (!service || deletionTimestamp !== undefined) return [];
      const container = status.containerStatuses.find((one) => one.name === service);
      const unmet = status.conditions.find(({ status: holds, message }) => holds !== "True" && message);
      const isReady = status.conditions.some(
        ({ type, status: holds }) => type === "Ready" && holds === "True",
      );
      return [
        {
          ...{ name, service, ready: isReady },
          because: isReady ? null : (unmet?.message ?? container?.state?.waiting?.reason ?? null),
          digest: /sha256:[0-9a-f]{64}$/.exec(container?.imageID ?? "")?.[0] ?? null,
        },
      ];
    });

export const nodesIn = (answer: unknown): readonly Node[] =>
  listOf(node)
    .parse(answer)
    .items.filter(
      ({ spec, status }) =>
        !spec.unschedulable &&
        status.conditions.some(({ type, status: holds }) => type === "Ready" && holds === "True"),
    )
    .map(({ metadata: { name }, status }) => ({ name, allocatable: status.allocatable }));

const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });

const serviceOf = (name: string): ServiceName | undefined => serviceNames.find((service) => service === name);
