import * as pulumi from "@pulumi/pulumi";

new pulumi.ComponentResource("castle:cell:Cell", "cell");

throw new Error(
  "Pulumi.prd.yaml is not a valid configuration:\n  castle:region must be one of two\n  castle:domain is missing",
);
