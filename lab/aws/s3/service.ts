import {
  DeleteObject$,
  type DeleteObjectRequest,
  GetBucketVersioning$,
  type GetBucketVersioningRequest,
  GetObject$,
  GetObjectLockConfiguration$,
  type GetObjectLockConfigurationRequest,
  type GetObjectRequest,
  GetObjectRetention$,
  type GetObjectRetentionRequest,
  HeadObject$,
  type HeadObjectRequest,
  ListObjectsV2$,
  type ListObjectsV2Request,
  ListObjectVersions$,
  type ListObjectVersionsRequest,
  NoSuchBucket$,
  PutObject$,
  type PutObjectRequest,
} from "@aws-sdk/client-s3";
import { regionNames } from "@castle/regions/catalogue.ts";
import type { StaticOperationSchema } from "@smithy/types";
import { AwsFault, clientFault, modelledFault } from "../fault.ts";
import { type AwsService, type Operation, operation, type ServiceParts } from "../service.ts";
import { restXmlProtocol } from "../wire/rest-xml.ts";
import type { Bucket } from "./bucket.ts";
import { checksumMembers } from "./checksum.ts";
import { listObjects, listVersions } from "./list.ts";
import { deleteObject, getObject, headObject, notImplemented, putObject, requireVersion } from "./objects.ts";

/** S3, as far as evidence needs it: buckets whose objects are written once, in versions, and locked. */
export function s3({ buckets, identifiers }: ServiceParts): AwsService {
  const { account } = identifiers;

  /** @param members those that the lab has something for: a request that asks for more would be misunderstood. */
  function onBucket<Input extends InBucket>(
    schema: StaticOperationSchema,
    members: readonly string[],
    handle: (bucket: Bucket, input: Input) => object,
  ): Operation {
    const known = new Set(["Bucket", "ExpectedBucketOwner", ...members]);
    return operation<Input>(schema, async (input, { region }) => {
      const unknown = Object.keys(input).find((member) => !known.has(member));
      if (unknown !== undefined) throw notImplemented(unknown);
      const { Bucket: name = "", ExpectedBucketOwner: owner = account } = input;
      const bucket = requireBucket(name, region);
      if (owner !== account) throw clientFault("AccessDenied", "Access Denied", 403);
      return handle(bucket, input);
    });
  }

  function requireBucket(name: string, region: string): Bucket {
    const bucket = buckets.find((one) => one.name === name);
    if (!bucket) throw modelledFault(NoSuchBucket$, "The specified bucket does not exist");
    if (bucket.region === region) return bucket;
    throw clientFault(
      "PermanentRedirect",
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future " +
        `requests to this endpoint: it is in ${bucket.region}`,
      301,
    );
  }

  return {
    signingName: "s3",
    regions: regionNames,
    protocol: restXmlProtocol({
      xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
      pathPrefix: "/{Bucket}",
    }),
    failures: {
      throttled: () => serverFault("SlowDown", "Please reduce your request rate.", 503),
      internal: () =>
        serverFault("InternalError", "We encountered an internal error. Please try again.", 500),
    },
    operations: [
      onBucket<PutObjectRequest>(PutObject$, [...ofAnObject, ...ofAPut], putObject),
      onBucket<GetObjectRequest>(GetObject$, [...ofAVersion, "ChecksumMode"], getObject),
      onBucket<HeadObjectRequest>(HeadObject$, [...ofAVersion, "ChecksumMode"], headObject),
      onBucket<DeleteObjectRequest>(
        DeleteObject$,
        [...ofAVersion, "BypassGovernanceRetention"],
        deleteObject,
      ),
      onBucket<GetObjectRetentionRequest>(GetObjectRetention$, ofAVersion, getRetention),
      onBucket<ListObjectsV2Request>(
        ListObjectsV2$,
        [...ofAList, "StartAfter", "ContinuationToken"],
        listObjects,
      ),
      onBucket<ListObjectVersionsRequest>(
        ListObjectVersions$,
        [...ofAList, "KeyMarker", "VersionIdMarker"],
        listVersions,
      ),
      onBucket<GetObjectLockConfigurationRequest>(GetObjectLockConfiguration$, [], lockConfiguration),
      onBucket<GetBucketVersioningRequest>(GetBucketVersioning$, [], ({ objectLock }) =>
        objectLock ? { Status: "Enabled" } : {},
      ),
    ],
  };
}

interface InBucket {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

const ofAnObject = ["Key"];
const ofAVersion = ["Key", "VersionId"];
const ofAList = ["Prefix", "MaxKeys", "EncodingType"];
const ofAPut = [
  ...["Body", "ContentLength", "ContentType", "ContentMD5", "ChecksumAlgorithm", "Metadata", "IfNoneMatch"],
  ...["ObjectLockMode", "ObjectLockRetainUntilDate", ...checksumMembers],
];

function getRetention(bucket: Bucket, input: GetObjectRetentionRequest) {
  const { retention } = requireVersion(bucket, input);
  if (!retention)
    throw clientFault(
      "NoSuchObjectLockConfiguration",
      "The specified object does not have a ObjectLock configuration",
      404,
    );
  return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.until) } };
}

function lockConfiguration({ objectLock }: Bucket) {
  if (!objectLock)
    throw clientFault(
      "ObjectLockConfigurationNotFoundError",
      "Object Lock configuration does not exist for this bucket",
      404,
    );
  return { ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } };
}

const serverFault = (code: string, message: string, status: number): AwsFault =>
  new AwsFault(message, { code, status, fault: "server" });
