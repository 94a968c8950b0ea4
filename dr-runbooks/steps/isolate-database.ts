import { seconds } from "@castle/regions/duration.ts";
import { services } from "@castle/services/catalogue.ts";
import { readWitness } from "../aws/calls.ts";
import type { Finding, Step } from "../engine/step.ts";
import { fewTimes } from "../runbooks/operations/few-times.ts";
import { type Operation, otherCellIsActive } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";

/**
 * The sessions of every service: an instance is named after its service. They connect again, and what they write then is
 * refused by the role row; a transaction that hangs would keep that row from being changed.
 */
const END_SESSIONS = `
  select count(*) filter (where pg_terminate_backend(pid)) as ended from pg_stat_activity
  where backend_type = 'client backend' and datname = current_database() and application_name like any (?)`;
const INSTANCES = services.map(({ name }) => `${name}-%`);

const unreached = "The cell's database was not reached, or is in no state to be changed.";

/** A writer that lost its role goes on believing in it until it rejoins. A reader has no writers to end. */
export const isolateWriters: Step<Operation> = {
  name: "isolate-writers",
  purpose: "End the sessions of gateways, engines and feeds on a database that is a writer still.",
  timeout: seconds(5),
  calls: [readWitness],
  bestEffort: true,
  retry: fewTimes,
  ifItFails: failure(`${unreached} Its services may go on writing what nobody will acknowledge.`, [
    "Run the command again once the cell answers.",
  ]),
  needs: "the witness still names the other cell, in the execution's epoch",
  precondition: otherCellIsActive,
  run: async (operation) => {
    const { database } = operation.cell.cell;
    if (!(await database.isWriter())) return { reader: true, ended: 0 };
    const { rows } = await database.knex.raw<{ rows: { ended: string }[] }>(END_SESSIONS, [INSTANCES]);
    return { reader: false, ended: Number(rows[0]?.ended ?? 0) };
  },
};

/** Its own guard refuses every write of its old epoch from here on, and its services see that they are standby. */
export const isolateDatabase: Step<Operation> = {
  name: "isolate-database",
  purpose: "Raise the epoch in a database that is a writer still, closed, naming the active cell.",
  timeout: seconds(5),
  calls: [readWitness],
  bestEffort: true,
  retry: fewTimes,
  ifItFails: failure(
    `${unreached} Its gate may be open; what it accepts is not acknowledged, since it is fenced.`,
    [
      "Run the command again once the cell answers.",
      "Keep its tail for castle reconcile before it is rewound.",
    ],
  ),
  isDone: async (operation) => (await isClosed(operation)) === true,
  needs: "the witness still names the other cell, in the execution's epoch",
  precondition: otherCellIsActive,
  run: (operation) => operation.cell.cell.database.raiseEpoch(operation.plan.epoch, operation.active.region),
  verify: isClosed,
};

async function isClosed({ cell, active, plan }: Operation): Promise<Finding> {
  const role = await cell.cell.database.role();
  if (!role.writer || (role.epoch >= plan.epoch && role.region === active.region)) return true;
  return `the database in ${cell.region} is a writer in epoch ${role.epoch} of ${role.region}`;
}
