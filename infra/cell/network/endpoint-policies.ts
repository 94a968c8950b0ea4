import type { RegionName } from "@castle/regions/catalogue.ts";
import { policyDocument } from "../../policy-document.ts";

/**
 * Nobody but this account asks through an endpoint: credentials of another one, brought in to carry data out, are
 * refused. What each caller may do is for its own policy, which is why actions and resources are left open here.
 */
export const interfaceEndpointPolicy = (account: string): string =>
  policyDocument([
    {
      Sid: "OnlyOurOwnPrincipals",
      Effect: "Allow",
      Principal: "*",
      Action: ["*"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:PrincipalAccount": account } },
    },
  ]);

export const dynamodbEndpointPolicy = (account: string): string =>
  policyDocument([
    {
      Sid: "OnlyOurOwnTables",
      Effect: "Allow",
      Principal: "*",
      // What each caller may do is for its own policy.
      Action: ["dynamodb:*"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:PrincipalAccount": account, "aws:ResourceAccount": account } },
    },
  ]);

/** Besides our own buckets, what AWS keeps in buckets of its own: layers of ECR's images and the nodes' packages. */
export const s3EndpointPolicy = (account: string, region: RegionName): string =>
  policyDocument([
    {
      Sid: "OnlyOurOwnBuckets",
      Effect: "Allow",
      Principal: "*",
      // What each caller may do is for its own policy.
      Action: ["s3:*"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:PrincipalAccount": account, "aws:ResourceAccount": account } },
    },
    {
      Sid: "ReadWhatAwsKeeps",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject"],
      Resource: [
        `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
        // Its name ends in a hash of AWS's.
        `arn:aws:s3:::al2023-repos-${region}-*/*`,
      ],
    },
  ]);
