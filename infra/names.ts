import type { CellRegion } from "@castle/regions/catalogue.ts";
import type { Settings } from "./settings/settings.ts";

/**
 * Physical names that one cell must know of the other without asking it, or that AWS shows in places where an operator
 * looks: the same in both cells, but where AWS wants them unique in the whole world.
 */
export interface Names {
  /** Begins every name: `castle-production`. */
  readonly prefix: string;
  readonly globalDatabase: string;
  readonly globalDatastoreSuffix: string;
  readonly witnessTable: string;
  readonly cluster: string;
  readonly namespace: string;
  /** Name of the bucket of a kind, in a region; bucket names are unique in the world, so region and account are in it. */
  bucket(kind: BucketKind, region: CellRegion): string;
  /**
   * Secrets Manager's name; what services are given stands under `castle/services/`, what runbooks use under
   * `castle/operator/`. The environment is in it: several share an account and a region, which has each name once.
   */
  secret(reader: "services" | "operator", name: string): string;
  /** ECR's name; the environment is in it for the same reason. */
  repository(service: string): string;
}

export type BucketKind = "frontend" | "archive" | "evidence" | "logs";

export function namesOf({ environment, account }: Pick<Settings, "environment" | "account">): Names {
  const prefix = `castle-${environment}`;
  return {
    prefix,
    globalDatabase: prefix,
    globalDatastoreSuffix: prefix,
    witnessTable: `${prefix}-witness`,
    cluster: prefix,
    namespace: "castle",
    bucket: (kind, region) => `${prefix}-${kind}-${region}-${account}`,
    secret: (reader, name) => `castle/${reader}/${environment}/${name}`,
    repository: (service) => `castle/${environment}/${service}`,
  };
}
