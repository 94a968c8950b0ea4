import { auroraBelongsToAGlobalDatabase } from "./recovery/aurora-belongs-to-a-global-database.ts";
import type { Rule } from "./rule.ts";

/** Every rule there is. */
export const rules: readonly Rule[] = [auroraBelongsToAGlobalDatabase];
