import { peerOf } from "@castle/regions/catalogue.ts";
import { control } from "../frameworks.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";

const SECRET = "aws:secretsmanager/secret:Secret";

export const secretsAreReplicated: ResourceRule = {
  about: "resource",
  name: "secrets-are-replicated",
  area: "recovery",
  severity: "critical",
  what: "Every secret of a cell has a replica in the peer's region.",
  why: "Services that take over start anew, and cannot log in anywhere if their secrets are in the region that is gone.",
  remedy: "Name the peer's region in the secret's replicas.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(5)"),
    control("iso22301", "8.3"),
    control("iso27001", "A.5.17"),
    control("iso27001", "A.8.14"),
    control("soc2", "A1.2"),
  ],
  types: [SECRET],
  judge: (secret, { region }) => {
    if (secret.facts.provider?.region !== region) return [];
    const replicas = secret.each("replicas").map((replica) => replica.text("region") ?? "");
    const peer = peerOf(region);
    return replicas.includes(peer)
      ? []
      : [
          {
            resource: secret,
            property: "replicas",
            found: replicas.length === 0 ? "none" : replicas.join(", "),
            wanted: peer,
          },
        ];
  },
  examples: {
    passing: { type: SECRET, props: { replicas: [{ region: "eu-central-1" }] } },
    failing: { type: SECRET, props: { replicas: [] } },
  },
};
