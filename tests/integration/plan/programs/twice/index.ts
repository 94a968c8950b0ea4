import * as pulumi from "@pulumi/pulumi";

class Thing extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Thing", name, {});
  }
}

/** Pulumi's own engine refuses the second; the plan tells it with all else that is wrong. */
new Thing("twin");
new Thing("twin");
