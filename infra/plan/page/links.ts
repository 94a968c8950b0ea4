import type { Resource, StackGraph } from "../graph/graph.ts";
import { isList, isRecord, type Value } from "../graph/value.ts";

/** A resource of one stack that was told of one of another stack, by a value in its inputs. */
export interface Link {
  /** URNs. */
  readonly from: string;
  readonly to: string;
  readonly what: string;
}

/** A value that only a thing of this type can have: told to another stack, it is this thing that is meant. */
interface Told {
  readonly value: RegExp;
  readonly maker: string;
  readonly what: string;
}

const told: readonly Told[] = [
  {
    value: /^arn:aws:globalaccelerator:.*\/listener\//,
    maker: "aws:globalaccelerator/listener:Listener",
    what: "listener",
  },
  { value: /:key\/mrk-/, maker: "aws:kms/key:Key", what: "multi-Region key" },
  { value: /^vpc-/, maker: "awsx:ec2:Vpc", what: "peering" },
  { value: /^vpc-/, maker: "aws:ec2/vpc:Vpc", what: "peering" },
  { value: /^pcx-/, maker: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection", what: "peering" },
  { value: /-journal\..*\.rds\.amazonaws\.com$/, maker: "aws:rds/instance:Instance", what: "journal" },
];

/** Properties whose value names a thing both cells belong to. */
const sharedNames: Readonly<Record<string, string>> = {
  globalClusterIdentifier: "aws:rds/globalCluster:GlobalCluster",
  globalReplicationGroupId: "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
};

/** Every link from a stack to another: no dependency of Pulumi's reaches over, so that either can be built alone. */
export const linksBetween = (graphs: readonly StackGraph[]): Link[] =>
  graphs.flatMap(({ stack, resources }) => {
    const others = graphs.filter((graph) => graph.stack !== stack).flatMap((graph) => graph.resources);
    return resources
      .filter(({ kind }) => kind === "custom" || kind === "remote")
      .flatMap((resource) => linksOf(resource, resources, others));
  });

function linksOf(resource: Resource, own: readonly Resource[], others: readonly Resource[]): Link[] {
  const to = (maker: string, what: string): Link[] =>
    others
      .filter(({ type }) => type === maker)
      .slice(0, 1)
      .map(({ urn }) => ({ from: resource.urn, to: urn, what }));
  const byName = Object.entries(sharedNames).flatMap(([property, maker]) =>
    typeof resource.inputs[property] === "string" &&
    resource.type !== maker &&
    !own.some(({ type }) => type === maker)
      ? to(maker, "membership")
      : [],
  );
  const texts = textsOf(resource.inputs);
  const byValue = told.flatMap(({ value, maker, what }) =>
    texts.some((text) => value.test(text)) ? to(maker, what) : [],
  );
  return [...byName, ...byValue];
}

function textsOf(value: Value): string[] {
  if (typeof value === "string") return [value];
  if (isList(value)) return value.flatMap(textsOf);
  return isRecord(value) ? Object.values(value).flatMap(textsOf) : [];
}
