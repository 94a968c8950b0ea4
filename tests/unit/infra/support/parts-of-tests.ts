import { secret } from "@pulumi/pulumi";

/** What a part of a cell is handed in a test, with values known before anything exists. */
export const network = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-public-a", "subnet-public-b", "subnet-public-c"],
  privateSubnetIds: ["subnet-private-a", "subnet-private-b", "subnet-private-c"],
  dataSubnetIds: ["subnet-data-a", "subnet-data-b", "subnet-data-c"],
  ranges: {
    public: ["10.10.16.0/24", "10.10.17.0/24", "10.10.18.0/24"],
    private: ["10.10.0.0/22", "10.10.4.0/22", "10.10.8.0/22"],
    data: ["10.10.12.0/24", "10.10.13.0/24", "10.10.14.0/24"],
  },
};

export const keys = { keyArn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0" };

export const secretsOfTests = () => ({
  databasePassword: secret("of the database"),
  journalPassword: secret("of the journal"),
  cacheToken: secret("of the cache"),
});

export const storage = {
  buckets: {
    frontend: { name: "frontend", arn: "arn:aws:s3:::frontend" },
    archive: { name: "archive", arn: "arn:aws:s3:::archive" },
    evidence: { name: "evidence", arn: "arn:aws:s3:::evidence" },
    logs: { name: "logs", arn: "arn:aws:s3:::logs" },
  },
};
