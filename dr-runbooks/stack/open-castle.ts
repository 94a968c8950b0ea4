import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CellRegion } from "@castle/regions/catalogue.ts";
import { type Duration, seconds } from "@castle/regions/duration.ts";
import { type Caller, callerOf } from "../aws/caller.ts";
import { loginOf } from "../aws/login.ts";
import { orUnreachable, type Unreachable } from "../cells/reachable.ts";
import { type AwsClients, awsClients } from "../clients.ts";
import type { Target } from "../target.ts";
import { awsTarget, type CellLogins } from "./aws-target.ts";
import { OtherAccount, OutputsUnusable } from "./errors.ts";
import { type FoundOutputs, findOutputs } from "./find-outputs.ts";
import type { CastleOutputs, CellOutputs } from "./outputs.ts";
import { DATABASE_CA_FILE } from "./saved-outputs.ts";

export interface OpenOptions {
  readonly stack: string;
  /** File or folder of saved outputs; Pulumi is not asked then. */
  readonly outputs?: string | undefined;
  /** PEM of the certificate authorities of databases; by default the one that was saved with the outputs. */
  readonly databaseCa?: string | undefined;
  /** Folder that relative places are meant from. */
  readonly here: string;
  /** Only its records are wanted: neither credentials nor AWS are asked for. */
  readonly recordsOnly?: boolean;
}

export interface OpenedCastle {
  readonly target: Target;
  readonly found: FoundOutputs;
  /** Null where nobody asked. */
  readonly caller: Caller | Unreachable | null;
}

/** A process that must sign in, or has no network, is not waited for any longer. */
const ANSWERS_WITHIN: Duration = seconds(6);

/**
 * A Castle on AWS, from its stacks' outputs: with credentials read at this moment, in the account that the stack names.
 * What does not answer is withheld, and told by whatever asks for it; nothing waits for a region that is lost.
 * @throws OutputsUnusable, OtherAccount
 */
export async function openCastle(
  options: OpenOptions,
  clients: typeof awsClients = awsClients,
): Promise<OpenedCastle> {
  const { stack, here, recordsOnly = false } = options;
  const place = options.outputs === undefined ? undefined : resolve(here, options.outputs);
  const found = await findOutputs(stack, { outputs: place, here });
  const { outputs, folder } = found;
  const databaseCa = await databaseCaOf(options, folder);
  if (recordsOnly) {
    const withheld: CellLogins = { withheld: "credentials were not asked for" };
    const logins = perCell(withheld, withheld, outputs);
    return { target: awsTarget({ outputs, logins, folder, databaseCa }), found, caller: null };
  }
  const aws = clients({ kind: "aws", name: stack });
  try {
    const [caller, home, peer] = await Promise.all([
      orUnreachable(callerOf(aws), ANSWERS_WITHIN),
      loginsOf(aws, outputs.home),
      loginsOf(aws, outputs.peer),
    ]);
    if (!("unreachable" in caller) && caller.account !== outputs.home.account)
      throw new OtherAccount(caller, outputs.home.account);
    const logins = perCell(home, peer, outputs);
    return { target: awsTarget({ outputs, logins, folder, databaseCa }), found, caller };
  } finally {
    aws.close();
  }
}

const perCell = (
  home: CellLogins,
  peer: CellLogins,
  { home: { region } }: CastleOutputs,
): Record<CellRegion, CellLogins> => ({
  "eu-west-1": region === "eu-west-1" ? home : peer,
  "eu-central-1": region === "eu-central-1" ? home : peer,
});

async function loginsOf(
  aws: AwsClients,
  { region, database, journal, cache }: CellOutputs,
): Promise<CellLogins> {
  const read = await orUnreachable(
    Promise.all([database, journal, cache].map(({ secret }) => loginOf(aws, secret, region))),
    ANSWERS_WITHIN,
  );
  if ("unreachable" in read)
    return { withheld: `the credentials of ${region} cannot be read: ${read.unreachable}` };
  const [ofDatabase, ofJournal, ofCache] = read;
  if (!ofDatabase || !ofJournal || !ofCache) throw new Error("a secret was asked for and not answered");
  if (ofDatabase.username === undefined || ofJournal.username === undefined)
    return { withheld: `the credentials of ${region} name no user of its database or journal` };
  return { database: ofDatabase, journal: ofJournal, cache: ofCache };
}

async function databaseCaOf(
  { databaseCa, here }: Pick<OpenOptions, "databaseCa" | "here">,
  folder: string,
): Promise<string | null> {
  if (databaseCa !== undefined) {
    const path = resolve(here, databaseCa);
    if (await exists(path)) return path;
    throw new OutputsUnusable(`there are no certificate authorities at ${path} (--database-ca)`);
  }
  const saved = join(folder, DATABASE_CA_FILE);
  return (await exists(saved)) ? saved : null;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
