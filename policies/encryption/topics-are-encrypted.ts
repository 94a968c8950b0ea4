import { control } from "../frameworks.ts";
import { isGiven } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0";

export const topicsAreEncrypted: ResourceRule = {
  about: "resource",
  name: "topics-are-encrypted",
  area: "encryption",
  severity: "medium",
  what: "A topic is encrypted with a key.",
  why: "Notices name accounts, regions and what is wrong with them.",
  remedy: "Set kmsMasterKeyId on the topic.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
  ],
  types: ["aws:sns/topic:Topic"],
  judge: isGiven("kmsMasterKeyId", "a key"),
  examples: {
    passing: { type: "aws:sns/topic:Topic", props: { kmsMasterKeyId: KEY } },
    failing: { type: "aws:sns/topic:Topic", props: { name: "notices" } },
  },
};
