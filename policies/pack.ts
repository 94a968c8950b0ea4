import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig } from "@castle/infra/settings/stack-file.ts";
import { PolicyPack } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { asPolicy } from "./as-policy.ts";
import { exceptions } from "./exceptions.ts";
import { rules } from "./rules.ts";

/** Every rule that one stack can be judged by. `castle compliance` judges both cells together besides. */
const platform = readSettings(pulumi.getStack(), ownConfig(pulumi.runtime.allConfig()));
const judging = {
  platform,
  // `castle compliance` asks for everything, and says itself what is excepted, expired or needed by nothing.
  exceptions: process.env.CASTLE_EXCEPTIONS === "left-to-the-caller" ? [] : exceptions,
  today: new Date().toISOString().slice(0, 10),
};

new PolicyPack("castle", {
  policies: rules.flatMap((rule) => (rule.about === "pair" ? [] : [asPolicy(rule, judging)])),
});
