import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const chartsArePinned: ResourceRule = {
  about: "resource",
  name: "charts-are-pinned",
  area: "kubernetes",
  severity: "medium",
  what: "A chart is of one version.",
  why: "The same program must make the same cluster in both cells, and next year.",
  remedy: "Set version on the release.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.19"), control("soc2", "CC8.1")],
  types: ["kubernetes:helm.sh/v3:Release"],
  judge: (release) =>
    /^\d+\.\d+\.\d+$/.test(release.text("version") ?? "")
      ? []
      : [
          {
            resource: release,
            property: "version",
            found: release.text("version") ?? "the newest",
            wanted: "a version",
          },
        ],
  examples: {
    passing: { type: "kubernetes:helm.sh/v3:Release", props: { chart: "argo-cd", version: "8.3.0" } },
    failing: { type: "kubernetes:helm.sh/v3:Release", props: { chart: "argo-cd" } },
  },
};
