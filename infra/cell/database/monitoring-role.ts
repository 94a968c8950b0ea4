import * as aws from "@pulumi/aws";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { assumedByService } from "../../policy-document.ts";

/** The role in which RDS tells of the operating system under an instance, with AWS's own policy for it. */
export function monitoringRole(name: string, account: string, options: CustomResourceOptions): aws.iam.Role {
  const role = new aws.iam.Role(
    name,
    {
      description: "Lets RDS tell of the operating system under an instance",
      assumeRolePolicy: assumedByService("monitoring.rds.amazonaws.com", account),
    },
    options,
  );
  new aws.iam.RolePolicyAttachment(
    name,
    {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    },
    options,
  );
  return role;
}
