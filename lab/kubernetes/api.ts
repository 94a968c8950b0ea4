import { type ServiceName, serviceNames } from "@castle/services/catalogue.ts";
import {
  deploymentObject,
  type ImageName,
  labelsOf,
  listObject,
  NAMESPACE,
  nodeObject,
  podObject,
  scaleObject,
} from "./objects.ts";
import { Refused } from "./refused.ts";
import { readScale } from "./scale-request.ts";
import { readSelector } from "./selector.ts";
import type { DeploymentState, Workload } from "./workload.ts";

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** JSON, or the text of a health path. */
  readonly body: object | string;
}

export interface ApiSettings {
  readonly workload: Workload;
  /** `1.34`. */
  readonly version: () => string;
  readonly imageName: ImageName;
  /** Told of every request, by a name like those of AWS's operations. */
  readonly asked?: (operation: string) => void;
}

const apps = { apiVersion: "apps/v1", kind: "Deployment" };

type Handler = (request: ApiRequest, name: string) => Promise<object | string>;

/**
 * The part of the Kubernetes API that runbooks and readiness use, on the paths and with the objects of the real one.
 * Everything else is forbidden, as it is to whoever has no more rights than they.
 */
export function kubernetesApi({ workload, version, imageName, asked }: ApiSettings) {
  const found = async (name: string): Promise<DeploymentState> => {
    const state = (await workload.deployments()).find(({ service }) => service.name === name);
    if (!state) throw new Refused(404, "NotFound", `deployments.apps "${name}" not found`);
    return state;
  };
  const scale = async (name: string) => scaleObject(await found(name), await workload.pods());

  const change: Handler = async (request, name) => {
    const state = await found(name);
    const { replicas, resourceVersion } = readScale(request);
    if (resourceVersion !== undefined && resourceVersion !== String(state.generation))
      throw new Refused(
        409,
        "Conflict",
        `Operation cannot be fulfilled on deployments.apps "${name}": the object has been modified; please apply your changes to the latest version and try again`,
      );
    workload.scale(serviceName(name), replicas);
    return scale(name);
  };

  const ofScale = path("/apis/apps/v1", "/deployments/([^/]+)/scale");
  const routes: readonly (readonly [operation: string, method: string, path: RegExp, serve: Handler])[] = [
    ["GetHealth", "GET", /^\/(?:readyz|livez)$/, async () => "ok"],
    ["GetVersion", "GET", /^\/version$/, async () => versionObject(version())],
    [
      "ListNodes",
      "GET",
      /^\/api\/v1\/nodes$/,
      async () => listObject("v1", "Node", workload.nodes().map(nodeObject)),
    ],
    [
      "ListPods",
      "GET",
      path("/api/v1", "/pods"),
      async ({ url }) => {
        const meets = selectorOf(url);
        const pods = (await workload.pods()).filter(({ service }) => meets(labelsOf(service.name)));
        return listObject(
          "v1",
          "Pod",
          pods.map((pod) => podObject(pod, imageName)),
        );
      },
    ],
    [
      "ListDeployments",
      "GET",
      path("/apis/apps/v1", "/deployments"),
      async ({ url }) => {
        const meets = selectorOf(url);
        const [states, pods] = await Promise.all([workload.deployments(), workload.pods()]);
        const meant = states.filter(({ service }) => meets(labelsOf(service.name)));
        return listObject(
          apps.apiVersion,
          apps.kind,
          meant.map((state) => deploymentObject(state, pods, imageName)),
        );
      },
    ],
    [
      "GetDeployment",
      "GET",
      path("/apis/apps/v1", "/deployments/([^/]+)"),
      async (_, name) => ({
        ...apps,
        ...deploymentObject(await found(name), await workload.pods(), imageName),
      }),
    ],
    ["GetDeploymentsScale", "GET", ofScale, (_, name) => scale(name)],
    ["PutDeploymentsScale", "PUT", ofScale, change],
    ["PatchDeploymentsScale", "PATCH", ofScale, change],
  ];

  return async (request: ApiRequest): Promise<ApiAnswer> => {
    const { method, url } = request;
    try {
      for (const [operation, by, pattern, serve] of routes) {
        const match = by === method && pattern.exec(url.pathname);
        if (!match) continue;
        asked?.(operation);
        return { status: 200, body: await serve(request, match[1] ?? "") };
      }
      throw new Refused(403, "Forbidden", `${method} ${url.pathname} is nothing that a runbook may do`);
    } catch (error) {
      if (error instanceof Refused) return { status: error.status, body: error.body };
      throw error;
    }
  };
}

/** Whoever calls needs no rights for these. */
export const isPublic = ({ pathname }: URL): boolean => /^\/(readyz|livez|version)$/.test(pathname);

const path = (group: string, rest: string): RegExp => new RegExp(`^${group}/namespaces/${NAMESPACE}${rest}$`);

function selectorOf(url: URL) {
  const text = url.searchParams.get("labelSelector") ?? "";
  const selector = readSelector(text);
  if (!selector) throw new Refused(400, "BadRequest", `unable to parse requirement: "${text}"`);
  return selector;
}

function serviceName(name: string): ServiceName {
  const known = serviceNames.find((service) => service === name);
  if (!known) throw new Error(`${name} is not in services/catalogue.ts`);
  return known;
}

function versionObject(version: string) {
  const [major, minor] = version.split(".");
  return { major, minor, gitVersion: `v${version}.0-eks-lab`, platform: "linux/arm64" };
}
