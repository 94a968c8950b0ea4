import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const passwordsAreLong: ResourceRule = {
  about: "resource",
  name: "passwords-are-long",
  area: "identity",
  severity: "medium",
  what: "A password has twelve characters at least.",
  why: "Length is what a guesser pays for.",
  remedy: "Set passwordPolicy.minimumLength to 12 or more.",
  enforcement: everywhere,
  controls: [control("pci", "8.3"), control("iso27001", "A.5.17"), control("soc2", "CC6.1")],
  types: ["aws:cognito/userPool:UserPool"],
  judge: (pool) =>
    (pool.number("passwordPolicy.minimumLength") ?? 8) >= 12
      ? []
      : [
          {
            resource: pool,
            property: "passwordPolicy.minimumLength",
            found: String(pool.number("passwordPolicy.minimumLength") ?? 8),
            wanted: "12 at least",
          },
        ],
  examples: {
    passing: { type: "aws:cognito/userPool:UserPool", props: { passwordPolicy: { minimumLength: 14 } } },
    failing: { type: "aws:cognito/userPool:UserPool", props: { passwordPolicy: { minimumLength: 8 } } },
  },
};
