import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Service, services } from "@castle/services/catalogue.ts";
import type { Holdings, Image, Secret } from "../aws/holdings.ts";
import type { LabSecrets } from "../environment.ts";
import { imageOfTree } from "./image-of-tree.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** What every service runs on, besides its own folder. */
const shared = [
  "package-lock.json",
  "services/kernel",
  "services/catalogue.ts",
  "services/package.json",
  "regions",
];

export const repositoryOf = (service: string): string => `castle/${service}`;

export const secretNames = { sealKey: "castle/seal-key", database: "castle/database" } as const;

/** The lab's services run from their source: that is their image. Its secrets are those that every lab makes for itself. */
export function labHoldings(secrets: Pick<LabSecrets, "sealKey" | "postgres">): Holdings {
  const createdAt = new Date();
  const secret = (name: string, purpose: string, value: string): Secret => ({
    ...{ name, purpose, createdAt },
    versionId: versionOf(value),
  });
  const kept = [
    secret(secretNames.sealKey, "Seals the secrets of API keys; the same in both cells", secrets.sealKey),
    secret(secretNames.database, "Password of the databases and journals", secrets.postgres.password),
  ];
  return { images: () => Promise.all(services.map(imageOf)), secrets: () => kept };
}

/** A service's image, as its source is on the disk now. */
export async function imageOf({ name, entry }: Service): Promise<Image> {
  const { digest, sizeInBytes, changedAt } = await imageOfTree(repository, [
    `services/${dirname(entry)}`,
    ...shared,
  ]);
  const tags = ["lab", digest.slice("sha256:".length, "sha256:".length + 12)];
  return { repository: repositoryOf(name), digest, tags, sizeInBytes, pushedAt: changedAt };
}

/** The values are random and long: nothing can be learnt of one from this, but whether it is still the same. */
const versionOf = (value: string): string => {
  const hex = createHash("sha256").update("castle-lab version ").update(value).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
};
