/** A property that is meant to name something in the other cell's region. */
export interface Meant {
  readonly type: string;
  /** The property's path; a number in it stands for any. */
  readonly property: string;
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
];

/** Whether a property of a type is on the list. */
export const isMeant = (type: string, property: string): boolean =>
  property === "description" ||
  toThePeer.some((each) => each.type === type && each.property === property.replace(/\.\d+(?=\.|$)/g, ".0"));
