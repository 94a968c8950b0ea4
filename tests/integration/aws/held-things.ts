import type { Holdings, Image } from "@castle/lab/aws/holdings.ts";

const hex = (digit: string): string => digit.repeat(64);

const image = (own: Pick<Image, "repository" | "digest"> & Partial<Image>): Image => ({
  ...{ tags: ["lab"], sizeInBytes: 1_234, pushedAt: new Date("2026-01-02T03:04:05Z") },
  ...own,
});

/** Images and secrets as plain data. */
export class HeldThings implements Holdings {
  held: Image[] = [
    image({ repository: "castle/engine", digest: `sha256:${hex("a")}` }),
    image({ repository: "castle/engine", digest: `sha256:${hex("b")}`, tags: [] }),
    image({ repository: "castle/gateway", digest: `sha256:${hex("c")}`, tags: ["lab", "v2"] }),
  ];
  kept = [
    { name: "castle/seal-key", purpose: "Seals", versionId: "1".repeat(36), createdAt: new Date(1e12) },
    { name: "castle/database", purpose: "Opens", versionId: "2".repeat(36), createdAt: new Date(2e12) },
  ];

  images = async () => this.held;
  secrets = () => this.kept;
}
