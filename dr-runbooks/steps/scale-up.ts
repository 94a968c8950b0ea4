import { milliseconds, minutes, seconds } from "@castle/regions/duration.ts";
import { serviceNames } from "@castle/services/catalogue.ts";
import { describeCluster } from "../aws/calls.ts";
import { until } from "../engine/poll.ts";
import type { Finding, Step } from "../engine/step.ts";
import { isTransient } from "../engine/transient.ts";
import type { Handover } from "../handover.ts";
import { KubernetesRefused } from "../kubernetes/api.ts";
import { listDeployments, listPods, scaleDeployment } from "../kubernetes/calls.ts";
import type { CellCluster } from "../kubernetes/cluster.ts";
import { failure } from "./failure.ts";

const NAME = "scale-up";
const transient = (error: unknown): boolean =>
  error instanceof KubernetesRefused ? error.isPassing : isTransient(error);
const calls = [describeCluster, listDeployments, scaleDeployment];

/**
 * Asked beside the promotions, which take longer: pods start meanwhile, and nobody waits for them. Best effort, since a
 * cell of the warm size trades, more slowly, and an API that does not answer must not keep it closed.
 */
export const scaleUp: Step<Handover> = {
  name: NAME,
  purpose: "Ask for the target's services at their active size, and wait for none of them.",
  timeout: seconds(5),
  bestEffort: true,
  retry: { attempts: 3, pause: milliseconds(200), transient },
  calls,
  ifItFails: failure(
    "The target opens at the size it has as a standby: it trades, and may be slow, or refuse what is too much for it.",
    [
      "Scale it by hand, as `castle readiness` tells the sizes: `kubectl scale deployment/order-gateway --replicas=N --namespace NAMESPACE`.",
      "Look at the cluster if its API does not answer: `aws eks describe-cluster --name CLUSTER --region TARGET`.",
    ],
  ),
  isDone: async ({ to }) => (await tooFewWanted(to.cluster)).length === 0,
  run: ({ to }) => askForActiveSize(to.cluster),
};

/** Before a planned handover there is time: the target is given all of its pods while the old cell still trades. */
export const scaleUpFirst: Step<Handover> = {
  name: NAME,
  purpose: "Bring the target's services to their active size, and wait until every pod of it is ready.",
  timeout: minutes(5),
  retry: { attempts: 3, pause: seconds(1), transient },
  calls: [...calls, listPods],
  ifItFails: failure(
    "Nothing that trades has been changed: the active cell keeps the role. A handover now would open a cell that is too small for the load.",
    [
      "Read the error: it names each service with the pods that it lacks, and what keeps them.",
      "Give the cluster room if pods are pending: `aws eks update-nodegroup-config` with more nodes.",
      "Run the same command again; with `--skip scale-up --because …` it goes on at the size there is.",
    ],
  ),
  isDone: async ({ to }) => (await tooFewReady(to.cluster)) === true,
  run: async ({ to }, at) => {
    const asked = await askForActiveSize(to.cluster);
    await until(() => tooFewReady(to.cluster), at);
    return asked;
  },
};

interface Lacking {
  readonly service: (typeof serviceNames)[number];
  readonly has: number;
  readonly active: number;
}

/** A Castle whose target names no cluster is scaled by others. */
async function tooFewWanted(cluster: CellCluster | null): Promise<readonly Lacking[]> {
  return cluster === null ? [] : lacking(cluster, "wanted");
}

async function lacking(cluster: CellCluster, count: "wanted" | "ready"): Promise<readonly Lacking[]> {
  const deployments = new Map((await cluster.deployments()).map((found) => [found.service, found]));
  return serviceNames
    .map((service) => {
      const found = deployments.get(service);
      if (!found) throw new Error(`the target's cluster has no deployment ${service}`);
      return { service, has: found[count], active: cluster.sizes[service].active };
    })
    .filter(({ has, active }) => has < active);
}

async function askForActiveSize(cluster: CellCluster | null): Promise<Record<string, string>> {
  if (cluster === null) return {};
  const few = await tooFewWanted(cluster);
  await Promise.all(few.map(({ service, active }) => cluster.scale(service, active)));
  return Object.fromEntries(few.map(({ service, has, active }) => [service, `${has} → ${active}`]));
}

async function tooFewReady(cluster: CellCluster | null): Promise<Finding> {
  if (cluster === null) return true;
  const few = await lacking(cluster, "ready");
  if (few.length === 0) return true;
  const waiting = (await cluster.pods()).filter(({ ready, because }) => !ready && because !== null);
  const words = [
    ...few.map(({ service, has, active }) => `${has} of ${active} ${service} ready`),
    ...waiting.map(({ name, because }) => `${name}: ${because}`),
  ].join("; ");
  return { reached: -few.reduce((lacks, { has, active }) => lacks + active - has, 0), words };
}
