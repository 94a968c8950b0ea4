import * as pulumi from "@pulumi/pulumi";

/** Only an account could answer. */
export const zones = pulumi.runtime.invokeOutput("aws:index/getAvailabilityZones:getAvailabilityZones", {
  state: "available",
});
