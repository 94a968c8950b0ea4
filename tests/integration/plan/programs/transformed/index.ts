import * as pulumi from "@pulumi/pulumi";

await pulumi.runtime.registerResourceTransform(({ props, opts }) => ({ props, opts }));
new pulumi.ComponentResource("castle:cell:Cell", "cell");
