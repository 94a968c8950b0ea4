import { control } from "../frameworks.ts";
import { says } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const peopleSignInWithTwoFactors: ResourceRule = {
  about: "resource",
  name: "people-sign-in-with-two-factors",
  area: "identity",
  severity: "high",
  what: "People sign in with a second factor.",
  why: "Passwords are phished; a console that can move an exchange must not hang on one.",
  remedy: "Set mfaConfiguration ON.",
  enforcement: everywhere,
  controls: [
    control("pci", "8.4"),
    control("iso27001", "A.8.5"),
    control("soc2", "CC6.1"),
    control("nist", "PR.AA-03"),
    control("dora", "Art. 9(4)"),
  ],
  types: ["aws:cognito/userPool:UserPool"],
  judge: says("mfaConfiguration", "ON", "OFF"),
  examples: {
    passing: { type: "aws:cognito/userPool:UserPool", props: { mfaConfiguration: "ON" } },
    failing: { type: "aws:cognito/userPool:UserPool", props: { mfaConfiguration: "OPTIONAL" } },
  },
};
