import type { Service } from "@castle/services/catalogue.ts";
import type * as kubernetes from "@pulumi/kubernetes";

type AutoscalerSpec = kubernetes.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec;

/** A service that the edge leads to may grow to this many times its active size. */
const HEADROOM = 3;
const CPU_PERCENT = 60;

/** How large a service may become by itself. What the edge does not lead to works through streams: more of it does no more. */
export const largestOf = ({ edgePort, replicas }: Service): number =>
  edgePort === null ? replicas.active : replicas.active * HEADROOM;

/**
 * Grows a service with its load and never shrinks it. Shrinking is for the runbooks alone: a cell that has just taken
 * over is brought to its active size before the traffic comes, and an autoscaler that saw it idle would take that back
 * at the very moment when it is needed. So the two never fight: one only adds, the other says what the least is.
 */
export const autoscalerOf = (service: Service): AutoscalerSpec => ({
  scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: service.name },
  minReplicas: service.replicas.standby,
  maxReplicas: largestOf(service),
  metrics: [
    {
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_PERCENT } },
    },
  ],
  behavior: {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
    },
    scaleDown: { selectPolicy: "Disabled" },
  },
});
