import { UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import { knownStacks } from "@castle/infra/settings/stack-file.ts";

/** @throws UsageError unless every stack has a file and is named once */
export function requireKnownStacks(stacks: readonly string[]): void {
  const known = knownStacks();
  for (const stack of stacks)
    if (!known.includes(stack))
      throw new UsageError(`there is no stack "${stack}"; known: ${known.join(", ")}`);
  if (new Set(stacks).size < stacks.length) throw new UsageError("name each stack once");
}
