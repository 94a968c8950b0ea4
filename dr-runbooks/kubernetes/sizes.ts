import { catalogueSizes, type Sizes, sizesBy } from "@castle/services/catalogue.ts";
import type { ClusterTarget } from "../target.ts";

/** How many instances of each service a cell is to run: as the catalogue says, unless its target says otherwise. */
export const sizesIn = ({ replicas = {} }: Pick<ClusterTarget, "replicas">): Sizes =>
  sizesBy(({ name }) => replicas[name] ?? catalogueSizes[name]);
