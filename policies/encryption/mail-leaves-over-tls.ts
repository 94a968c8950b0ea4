import { control } from "../frameworks.ts";
import { says } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const mailLeavesOverTls: ResourceRule = {
  about: "resource",
  name: "mail-leaves-over-tls",
  area: "encryption",
  severity: "low",
  what: "Mail leaves over TLS or not at all.",
  why: "It carries codes by which people sign in.",
  remedy: "Set deliveryOptions.tlsPolicy REQUIRE on the configuration set.",
  enforcement: everywhere,
  controls: [
    control("pci", "4.2"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.7"),
    control("nist", "PR.DS-02"),
    control("dora", "Art. 9(2)"),
  ],
  types: ["aws:sesv2/configurationSet:ConfigurationSet"],
  judge: says("deliveryOptions.tlsPolicy", "REQUIRE", "OPTIONAL"),
  examples: {
    passing: {
      type: "aws:sesv2/configurationSet:ConfigurationSet",
      props: { deliveryOptions: { tlsPolicy: "REQUIRE" } },
    },
    failing: {
      type: "aws:sesv2/configurationSet:ConfigurationSet",
      props: { configurationSetName: "castle" },
    },
  },
};
