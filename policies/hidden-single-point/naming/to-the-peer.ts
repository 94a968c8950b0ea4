import type { Resource } from "../../judged/resource.ts";

/** A text that is meant to name something in the other cell's region. */
export interface Meant {
  readonly type: string;
  /** The property's path; 0 in it stands for any place in a list. */
  readonly property: string;
  /** Which resources of the type; all by default. */
  readonly name?: RegExp;
  /** Which texts there; all by default. */
  readonly text?: RegExp;
  readonly reason: string;
}

/** All there is. Prose is none of it: a description is read by people and by nothing else. */
export const toThePeer: readonly Meant[] = [
  {
    type: "aws:kms/replicaKey:ReplicaKey",
    property: "primaryKeyArn",
    reason: "only the making of the replica asks the home region; once it stands, it is used by itself",
  },
  {
    type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    property: "rules.0.destination.bucket",
    reason: "copies go there, and wait while that region answers nobody",
  },
  {
    type: "aws:cloudfront/distribution:Distribution",
    property: "origins.0.domainName",
    reason: "the second origin of an origin group, asked when the first fails",
  },
  {
    type: "kubernetes:apps/v1:Deployment",
    property: "spec.template.spec.containers.0.env.0.value",
    text: /^postgres:\/\/[^@/]*@[a-z0-9-]+-journal\.[a-z0-9.:-]+\/journal\?[^@]*$/,
    reason:
      "the peer's journal takes what is accepted here; without it the cell goes on alone after five seconds",
  },
  {
    type: "aws:iam/policy:Policy",
    property: "policy",
    name: /^operators-/,
    reason: "runbooks act on both cells, and a right that is not used waits for nobody",
  },
];

/** The entry that a text is meant by, if it is. */
export const meantBy = (
  { type, name }: Resource,
  property: string,
  text: string,
  list: readonly Meant[] = toThePeer,
): Meant | undefined =>
  list.find(
    (each) =>
      each.type === type &&
      each.property === property.replace(/\.\d+(?=\.|$)/g, ".0") &&
      (each.name?.test(name) ?? true) &&
      (each.text?.test(text) ?? true),
  );
