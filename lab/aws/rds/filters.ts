import type { Filter } from "@aws-sdk/client-rds";
import { clientFault } from "../fault.ts";

/** What each filter of an operation compares its values with. */
export type Filterable<Item> = Readonly<Record<string, (item: Item) => readonly (string | undefined)[]>>;

/**
 * The items that pass every filter; a filter passes what has any of its values. Values are case-sensitive.
 * @throws AwsFault for a filter that the operation does not have.
 */
export function filtered<Item>(
  items: readonly Item[],
  filters: readonly Filter[] | undefined,
  filterable: Filterable<Item>,
): readonly Item[] {
  return (filters ?? []).reduce<readonly Item[]>((left, { Name = "", Values = [] }) => {
    const ownValues = Object.hasOwn(filterable, Name) ? filterable[Name] : undefined;
    if (!ownValues)
      throw clientFault(
        "InvalidParameterValue",
        `Unrecognized filter name: ${Name}; supported: ${Object.keys(filterable).join(", ")}`,
      );
    return left.filter((item) => ownValues(item).some((own) => own !== undefined && Values.includes(own)));
  }, items);
}
