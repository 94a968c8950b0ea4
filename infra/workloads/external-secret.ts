import type { Names } from "../names.ts";
import { SERVICES_SECRET, secretKeys } from "./facts.ts";

/** The store that External Secrets Operator reads from: the region's own Secrets Manager. */
export const SECRET_STORE = "castle";

/** How often the operator looks for another value. */
const REFRESH = "5m";

/** What services are given, brought from Secrets Manager into the cluster; no value of it goes through Pulumi. */
export const externalSecretOf = (names: Pick<Names, "namespace" | "secret">) => ({
  apiVersion: "external-secrets.io/v1",
  kind: "ExternalSecret",
  metadata: { name: SERVICES_SECRET, namespace: names.namespace },
  spec: {
    refreshInterval: REFRESH,
    secretStoreRef: { kind: "ClusterSecretStore", name: SECRET_STORE },
    target: { name: SERVICES_SECRET, creationPolicy: "Owner" },
    data: Object.entries(secretKeys).map(([secretKey, { secret, property }]) => ({
      secretKey,
      remoteRef: { key: names.secret("services", secret), property },
    })),
  },
});
