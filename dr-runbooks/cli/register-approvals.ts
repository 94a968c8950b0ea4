import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/** What somebody does who agrees to a run that another one began. Loaded only when it is called. */
export function registerApprovals(program: Command): void {
  program
    .command("approve")
    .description("agree to what an execution asks, by a file that you sign")
    .argument("[execution]", "its number in castle runs, its name, or the beginning of one")
    .option("--approval <name>", "what you agree to; refused when it waits for something else")
    .option("--key <file>", "your private key (Ed25519, PEM), whose public part the target lists")
    .option("--because <reason>", "why; stands in the record")
    .option("--list", "show what waits for approval, and with what figures")
    .option("--keygen <file>", "make a key for yourself, and print what the target is to list")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  castle approve --list
  castle approve 1 --approval hold-before-open --key ada.pem --because "the desk is ready"
  castle approve --keygen ada.pem
  castle --target aws --stack prd approve failover-7 --key ada.pem   from a machine of your own

The signed file is put beside the records: in the folder, and in the target's evidence buckets, where a run on another
machine looks. It counts for one execution, one approval, and the figures that were shown, as long as they count. Whoever
runs the execution verifies it, and refuses, with the reason, what is forged, too late, for something else, or by a key
that the target does not list. The lab lists one key: approver-key.pem in the lab's folder.
Exit codes: 0 signed, 1 refused or not agreed, 2 bad usage.`,
    )
    .action(async (execution: string | undefined, flags: ApproveFlags) => {
      const { approveCommand } = await import("./approve-command.ts");
      process.exitCode = await approveCommand(execution, flags);
    });

  program
    .command("pause")
    .description("have a run that somebody began stop behind the step at work")
    .argument("<execution>", "its number in castle runs, its name, or the beginning of one")
    .requiredOption("--because <reason>", "why; stands in the record, with who you are")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  castle pause 1 --because "the network team asks for five minutes"

Like Ctrl-C at the runner's own terminal: before the role is taken, what was done is taken back, so that nobody waits
before a closed gate. castle resume goes on. Waits until the run has stopped; Ctrl-C ends the waiting, not the wish.
Exit codes: 0 it stopped, 1 it had ended before, 2 bad usage, or nobody runs it.`,
    )
    .action(async (execution: string, flags: PauseFlags) => {
      const { pauseCommand } = await import("./pause-command.ts");
      process.exitCode = await pauseCommand(execution, flags);
    });
}

/** What commander hands over. */
export interface ApproveFlags extends TargetFlags {
  readonly approval?: string;
  readonly key?: string;
  readonly because?: string;
  readonly list?: boolean;
  readonly keygen?: string;
  readonly json?: boolean;
}

export interface PauseFlags extends TargetFlags {
  readonly because: string;
  readonly json?: boolean;
}
