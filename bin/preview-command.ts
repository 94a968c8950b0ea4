import { exitCode, UsageError, warn } from "@castle/dr-runbooks/cli/exit.ts";
import type { PreviewSurroundings } from "@castle/infra/preview/commands.ts";
import type { Command } from "commander";

interface UpFlags {
  readonly branch?: string;
  readonly ttl: string;
  readonly release?: string;
  readonly secretsProvider?: string;
}

interface ReapFlags {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** `castle preview …`: a small cell of a branch's own, for a while. What carries it out is loaded only when it is called. */
export function registerPreviewCommands(program: Command): void {
  const preview = program
    .command("preview")
    .description("a small cell for a branch, in the nonproduction account, for a while")
    .addHelpText("after", EXAMPLES);

  preview
    .command("up")
    .description("make the preview of a branch, or bring it up to date; its time to live starts again")
    .option("--branch <name>", "whose preview it is (default: the branch that is checked out)")
    .option("--ttl <time>", "how long it lives, in hours or days", "72h")
    .option("--release <tag>", "tag of the services' images (default: as in Pulumi.dev.yaml)")
    .option("--secrets-provider <url>", "what encrypts the new stack's secrets, such as awskms://…")
    .action((flags: UpFlags) => run(() => up(flags)));

  preview
    .command("list")
    .description("every preview, its age and the time it has left")
    .option("--json", "as JSON")
    .action(({ json }: { json?: boolean }) => run(() => list(json === true)));

  preview
    .command("reap")
    .description("destroy the previews whose time is over, or those that are named")
    .argument("[names...]", "stacks or branches, expired or not")
    .option("--all", "every preview, expired or not")
    .option("--dry-run", "tell which, and destroy none")
    .option("--yes", "do not ask")
    .action((names: string[], flags: ReapFlags) => run(() => reapThem(names, flags)));
}

const EXAMPLES = `
Examples:
  castle preview up --ttl 8h
  castle preview list
  castle preview reap --dry-run
  castle preview reap --yes               as a scheduled job runs it

Takes the Pulumi CLI, logged in to the state's bucket, and AWS credentials of the account in Pulumi.dev.yaml.
Exit codes: 0 done, 1 failed, 2 refused or bad usage: nothing was begun.`;

/** What is refused was never begun. */
async function run(command: () => Promise<number>): Promise<void> {
  const { PreviewRefused } = await import("@castle/infra/preview/refused.ts");
  try {
    process.exitCode = await command();
  } catch (error) {
    if (error instanceof PreviewRefused) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

const say = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join("\n")}\n`);
};

async function surroundings(secretsProvider?: string): Promise<PreviewSurroundings> {
  const { Previews } = await import("@castle/infra/preview/previews.ts");
  const { callersAccount } = await import("@castle/infra/preview/account.ts");
  return {
    // Pulumi's own telling goes where it is in nobody's way who reads ours.
    previews: () =>
      Previews.open((text) => process.stderr.write(text), {
        ...(secretsProvider === undefined ? {} : { secretsProvider }),
      }),
    whoActs: callersAccount,
    now: Date.now,
  };
}

async function up({ branch, ttl, release, secretsProvider }: UpFlags): Promise<number> {
  const { previewUp } = await import("@castle/infra/preview/commands.ts");
  const { currentBranch } = await import("@castle/infra/preview/branch.ts");
  const { userInfo } = await import("node:os");
  const done = await previewUp(
    {
      branch: branch ?? (await currentBranch(process.cwd())),
      ttl,
      by: userInfo().username,
      release,
    },
    await surroundings(secretsProvider),
  );
  say([
    `${done.stack} is up until ${new Date(done.expiresAt).toISOString()}; castle preview reap ${done.stack} ends it before`,
    ...Object.entries(done.outputs).map(([key, value]) => `  ${key} ${JSON.stringify(value)}`),
  ]);
  return exitCode.good;
}

async function list(json: boolean): Promise<number> {
  const { tellPreviews } = await import("@castle/infra/preview/tell.ts");
  const { previews, now } = await surroundings();
  const all = await (await previews()).all();
  say(json ? [JSON.stringify(all, null, 2)] : tellPreviews(all, now()));
  return exitCode.good;
}

async function reapThem(
  names: readonly string[],
  { all = false, dryRun = false, yes = false }: ReapFlags,
): Promise<number> {
  const { reap, toReap } = await import("@castle/infra/preview/commands.ts");
  const { tellPreviews } = await import("@castle/infra/preview/tell.ts");
  const around = await surroundings();
  const doomed = toReap(await (await around.previews()).all(), { names, all }, around.now());
  if (doomed.length === 0) {
    say(["no preview's time is over"]);
    return exitCode.good;
  }
  say(tellPreviews(doomed, around.now()));
  if (dryRun) return exitCode.good;
  if (!yes && !(await agreed(doomed.length))) {
    say(["nothing was destroyed"]);
    return exitCode.failed;
  }
  const reaped = await reap(doomed, around);
  const failed = reaped.filter(({ failure }) => failure !== null);
  say(reaped.flatMap(({ stack, failure }) => (failure === null ? [`${stack} is gone`] : [])));
  warn(failed.map(({ stack, failure }) => `${stack} could not be destroyed, and is kept: ${failure}`));
  return failed.length === 0 ? exitCode.good : exitCode.failed;
}

async function agreed(count: number): Promise<boolean> {
  const { someoneIsThere, typed } = await import("@castle/dr-runbooks/cli/ask.ts");
  if (!someoneIsThere())
    throw new UsageError("this destroys what is listed, and nobody is at a terminal to agree: add --yes");
  const word = String(count);
  return (await typed(`This destroys ${count} and all that is in them. Type ${word} to go ahead: `)) === word;
}
