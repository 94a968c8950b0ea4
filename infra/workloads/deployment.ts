import type { Service } from "@castle/services/catalogue.ts";
import type * as kubernetes from "@pulumi/kubernetes";
import { environmentOf } from "./environment.ts";
import type { WorkloadFacts } from "./facts.ts";

type DeploymentSpec = kubernetes.types.input.apps.v1.DeploymentSpec;
type Container = kubernetes.types.input.core.v1.Container;

/** Labels by which everything of a service finds its pods. */
export const labelsOf = ({ name }: Service): { "app.kubernetes.io/name": string } => ({
  "app.kubernetes.io/name": name,
});

/** The image's user: not root, and the same in every image of the platform. */
const USER = 10_001;
/** The load balancer goes on sending for a moment to a pod that is leaving; then the service finishes what it has. */
const PRE_STOP_SECONDS = 10;
const GRACE_SECONDS = 40;

/**
 * A service's Deployment. It does not say how many: which cell is active is nothing that a deployment knows. The autoscaler
 * keeps the warm size, and the runbooks bring the target of a handover to its active one (see autoscaler.ts). A number
 * here, even one whose changes are ignored, would be sent again as the stack's state holds it, and shrink the cell that
 * has just taken over.
 *
 * A pod is ready when the service can do its work, in a standby too: asked for `/healthz/active` instead, no pod of a
 * standby would ever be ready, and no release could be rolled out there. It is the load balancer that asks that.
 */
export function deploymentOf(service: Service, facts: WorkloadFacts): DeploymentSpec {
  const labels = labelsOf(service);
  return {
    revisionHistoryLimit: 5,
    selector: { matchLabels: labels },
    // A release never has fewer pods than before it.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: service.name,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: GRACE_SECONDS,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: USER,
          runAsGroup: USER,
          fsGroup: USER,
          seccompProfile: { type: "RuntimeDefault" },
        },
        topologySpreadConstraints: [
          // The loss of a zone takes its share and no more; a zone that is lost must not keep the others from growing.
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: labels },
          },
          {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: labels },
          },
        ],
        containers: [containerOf(service, facts)],
        volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
      },
    },
  };
}

function containerOf(service: Service, facts: WorkloadFacts): Container {
  const internal = { port: "internal", scheme: "HTTP" };
  return {
    name: service.name,
    image: facts.imageOf(service.name),
    imagePullPolicy: "IfNotPresent",
    args: [`services/${service.entry}`],
    env: environmentOf(service, facts),
    ports: [
      ...(service.port === null ? [] : [{ name: "traffic", containerPort: service.port }]),
      { name: "internal", containerPort: service.internalPort },
      ...(service.linePort === null ? [] : [{ name: "line", containerPort: service.linePort }]),
    ],
    // Memory is what it asks for; of cores it may take what others leave: a limit would cost latency at the worst moment.
    resources: { requests: { ...service.resources }, limits: { memory: service.resources.memory } },
    startupProbe: { httpGet: { path: "/healthz/live", ...internal }, periodSeconds: 2, failureThreshold: 30 },
    livenessProbe: {
      httpGet: { path: "/healthz/live", ...internal },
      periodSeconds: 10,
      timeoutSeconds: 3,
      failureThreshold: 3,
    },
    readinessProbe: {
      httpGet: { path: "/healthz/ready", ...internal },
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 2,
    },
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
}
