import * as aws from "@pulumi/aws";
import { ComponentResource } from "@pulumi/pulumi";
import { CellCluster } from "../../../../infra/cell/cluster/cell-cluster.ts";
import { servicesLogGroup } from "../../../../infra/cell/observability/service-logs.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys, network } from "../support/parts-of-tests.ts";
import { type Recording, type RecordOptions, record } from "../support/recorded.ts";

class Parent extends ComponentResource {}

/** A stack's cluster as the program asks for it, in a component that has the cell's provider. */
export function clusterOf(stack: string, options: RecordOptions = {}): Promise<Recording> {
  const context = contextOf(stack);
  return record(
    () => {
      const provider = new aws.Provider("cell", { region: context.region.name });
      const parent = new Parent("castle:test:Parent", "parent", {}, { providers: { aws: provider } });
      const group = servicesLogGroup(context.names.prefix);
      new CellCluster("cell", { context, network, keys, servicesLogGroup: group }, { parent });
    },
    { outputs: { "eks:index:Cluster": () => ({ clusterSecurityGroupId: "sg-of-eks" }) }, ...options },
  );
}

/** Statements of a role's policy, by the logical name of both. */
export function statementsOf({ one }: Recording, name: string): Record<string, unknown>[] {
  const { policy } = one("aws:iam/rolePolicy:RolePolicy", name).inputs;
  return (JSON.parse(String(policy)) as { Statement: Record<string, unknown>[] }).Statement;
}
