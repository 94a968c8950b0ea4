import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { assumedByService } from "../../policy-document.ts";

export interface RecordingArgs {
  readonly account: string;
  readonly bucket: Input<string>;
  readonly keyArn: Input<string>;
  /** IAM and its like belong to no region: one region records them, or each record would be made twice. */
  readonly globalResources: boolean;
}

/** AWS Config of one region: every resource's configuration as it was, at every change. */
export class Recording extends ComponentResource {
  constructor(
    name: string,
    { account, bucket, keyArn, globalResources }: RecordingArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:audit:Recording", name, {}, opts);
    const here = { parent: this };

    const role = new aws.iam.Role(
      `${name}-recorder`,
      {
        assumeRolePolicy: assumedByService("config.amazonaws.com", account),
        // Reads every kind of resource, and is widened by AWS as kinds are added.
        managedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"],
      },
      here,
    );
    const recorder = new aws.cfg.Recorder(
      `${name}-recorder`,
      {
        roleArn: role.arn,
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: globalResources },
        recordingMode: { recordingFrequency: "CONTINUOUS" },
      },
      here,
    );
    const delivery = new aws.cfg.DeliveryChannel(
      `${name}-delivery`,
      {
        s3BucketName: bucket,
        s3KmsKeyArn: keyArn,
        snapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
      },
      { ...here, dependsOn: [recorder] },
    );
    new aws.cfg.RecorderStatus(
      `${name}-recording`,
      { name: recorder.name, isEnabled: true },
      // AWS starts no recorder that has nowhere to deliver to.
      { ...here, dependsOn: [delivery] },
    );
    this.registerOutputs({});
  }
}
