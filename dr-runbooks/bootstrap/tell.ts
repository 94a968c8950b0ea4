import type { Found, FoundDatabase, FoundJournal } from "./found.ts";
import type { Task } from "./plan.ts";

/** What there is, a line each. Pure. */
export function tellFound({ databases, journals, witness }: Found): string[] {
  return [
    ...databases.map(
      (one) => `database  ${one.region.padEnd(14)} ${"unreachable" in one ? cannot(one) : tellDatabase(one)}`,
    ),
    ...journals.map(
      (one) => `journal   ${one.region.padEnd(14)} ${"unreachable" in one ? cannot(one) : tellJournal(one)}`,
    ),
    `witness   ${" ".repeat(14)} ${tellWitness(witness)}`,
  ];
}

const cannot = ({ unreachable }: { readonly unreachable: string }): string => `unreachable (${unreachable})`;

const tellDatabase = ({ writer, schema, role, streams }: FoundDatabase): string =>
  [
    writer ? "writer" : "reader",
    tellSchema(schema),
    role ? `epoch ${role.epoch}, ${role.region} active` : "no role row",
    `${streams.length} streams`,
  ].join(", ");

const tellJournal = ({ schema, epoch }: FoundJournal): string => `${tellSchema(schema)}, fence at ${epoch}`;

const tellSchema = ({ pending }: FoundDatabase["schema"]): string =>
  pending.length === 0 ? "newest schema" : `lacks ${pending.join(", ")}`;

function tellWitness(witness: Found["witness"]): string {
  if (witness === null) return "no record";
  if ("unreachable" in witness) return cannot(witness);
  return `epoch ${witness.epoch}, ${witness.activeRegion} active, ${witness.mode}`;
}

/** Pure. */
export function tellTask(task: Task): string {
  switch (task.kind) {
    case "migrate-journal":
      return `migrate the journal in ${task.region}: ${task.migrations.join(", ")}`;
    case "migrate-database":
      return `migrate the database, in ${task.region}: ${task.migrations.join(", ")}`;
    case "first-state":
      return `write the first state of the database in ${task.region}: epoch 1, and the streams ${task.streams.join(", ")}`;
    case "first-record":
      return `write the witness's first record: epoch ${task.record.epoch}, ${task.record.activeRegion} active, ${task.record.mode}`;
    default:
      return task satisfies never;
  }
}
