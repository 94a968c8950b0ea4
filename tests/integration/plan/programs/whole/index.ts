import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

/** A small cell with everything a plan must carry: components, secrets, unknowns, a remote component, a read. */
class Cell extends pulumi.ComponentResource {
  readonly endpoint: pulumi.Output<string>;

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("castle:cell:Cell", name, {}, opts);
    const key = new aws.kms.Key(`${name}-key`, { enableKeyRotation: true }, { parent: this });
    const database = new aws.rds.Instance(
      `${name}-database`,
      {
        instanceClass: "db.m8g.large",
        storageEncrypted: true,
        kmsKeyId: key.arn,
        password: pulumi.secret("never-written"),
        username: aws.secretsmanager.getSecretVersionOutput({ secretId: "castle" }, { parent: this })
          .secretString,
      },
      { parent: this, protect: true, ignoreChanges: ["engineVersion"] },
    );
    const cluster = new eks.Cluster(
      `${name}-cluster`,
      { subnetIds: ["subnet-0a1b2c3d"], encryptionConfigKeyArn: key.arn, skipDefaultNodeGroup: true },
      { parent: this },
    );
    const old = aws.s3.Bucket.get(`${name}-old`, "castle-old", undefined, { parent: this });
    new aws.ssm.Parameter(
      `${name}-parameter`,
      {
        type: "String",
        value: pulumi.interpolate`${cluster.core.apply((core) => core.endpoint)} ${old.arn}`,
      },
      { parent: this },
    );
    cluster.getKubeconfig({});
    this.endpoint = database.endpoint;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}

const config = new pulumi.Config("castle");
const provider = new aws.Provider("home", { region: config.require("region") as aws.Region });
const cell = new Cell("cell", { providers: { aws: provider } });
export const endpoint = cell.endpoint;
export const region = config.require("region");
export const password = pulumi.secret("told-to-nobody");
