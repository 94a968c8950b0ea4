import { seconds } from "@castle/regions/duration.ts";
import type { Knex } from "knex";
import { type Check, judged, type Verdict } from "../check.ts";
import { type Settings, settingsOf } from "../probe-database.ts";

/**
 * What must be the same in both cells, so that a cell does after a takeover what the other did before it: the version,
 * what limits load, what a commit stands for, and what ends a statement.
 */
export const COMPARED = [
  "server_version",
  "max_connections",
  "superuser_reserved_connections",
  "max_worker_processes",
  "max_prepared_transactions",
  "max_locks_per_transaction",
  "max_wal_senders",
  "wal_level",
  "fsync",
  "full_page_writes",
  "synchronous_commit",
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "default_transaction_isolation",
  "shared_buffers",
  "work_mem",
  "TimeZone",
] as const;

/** Each kind of server, with what it shows in the active cell and in the peer. */
export type Pairs = Readonly<Record<string, readonly [active: Settings, peer: Settings]>>;

export const databaseParity: Check = {
  name: "database-parity",
  why: "A peer that is set up otherwise bears less load, or means something else by a commit, from the takeover on.",
  mend: "Bring the peer's parameter group in line with the active cell's, both being stamped from one definition.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const settings = ({ knex }: { readonly knex: Knex }) => settingsOf(knex, COMPARED);
    const [database, journal] = await Promise.all([
      Promise.all([world.inDatabase(active, settings), world.inDatabase(peer, settings)]),
      Promise.all([world.inJournal(active, settings), world.inJournal(peer, settings)]),
    ]);
    return judgeDatabaseParity({ database, journal });
  },
};

/** Pure. */
export function judgeDatabaseParity(pairs: Pairs): Verdict {
  const against = Object.entries(pairs).flatMap(([kind, [active, peer]]) => [
    ...COMPARED.flatMap((name) =>
      active.get(name) === peer.get(name)
        ? []
        : [
            `${kind}: ${name} is ${active.get(name) ?? "not told"}, in the peer ${peer.get(name) ?? "not told"}`,
          ],
    ),
    // An acknowledgement stands on a commit in each of them.
    ...([active, peer].some((settings) => settings.get("synchronous_commit") === "off")
      ? [`${kind}: synchronous_commit is off: a commit may be forgotten`]
      : []),
  ]);
  const version = pairs.database?.[0].get("server_version") ?? "of unknown version";
  return judged(against, {
    found: `PostgreSQL ${version}; ${COMPARED.length} settings agree, in databases and in journals`,
    wanted: "the same settings in both cells, commits durable",
  });
}
