import type { Input } from "@pulumi/pulumi";
import type { Statement } from "../../../policy-document.ts";
import type { CellContext } from "../../context.ts";
import type { ChartName } from "../versions.ts";

/** What is put into a cluster beside the platform's own services: a chart, and what its pods may do in AWS. */
export interface AddOn {
  readonly chart: ChartName;
  readonly namespace: string;
  /** What it is for, and why it is here. */
  readonly purpose: string;
  /** Left out of a developer's preview, where nobody would look at it. */
  readonly inPreview: boolean;
  readonly values: Readonly<Record<string, unknown>>;
  /** Its pods' AWS permissions, by the service account that the chart makes; none for most. */
  readonly identity?: { readonly serviceAccount: string; readonly statements: readonly Statement[] };
}

/** What add-ons are made from: names and places, known before anything exists but for the network's id. */
export interface AddOnFacts {
  readonly context: CellContext;
  readonly vpcId: Input<string>;
  readonly nodeRoleName: string;
  readonly servicesLogGroup: string;
}
