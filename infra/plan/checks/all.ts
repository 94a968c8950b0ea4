import type { StackGraph } from "../graph/graph.ts";
import { circleFindings } from "./circles.ts";
import { encryptionFindings } from "./encryption.ts";
import type { Finding } from "./finding.ts";
import { nameFindings } from "./names.ts";
import { providerFindings } from "./providers.ts";

/** Everything that is wrong with these stacks, each alone and together. */
export const checkAll = (graphs: readonly StackGraph[]): Finding[] => [
  ...nameFindings(graphs),
  ...graphs.flatMap((graph) => [
    ...circleFindings(graph),
    ...providerFindings(graph),
    ...encryptionFindings(graph),
  ]),
];
