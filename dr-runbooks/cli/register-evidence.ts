import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/** `castle evidence`. What carries it out is loaded only when it is called. */
export function registerEvidence(program: Command): void {
  const evidence = program
    .command("evidence")
    .description("show that the records of executions are as they were written");

  evidence
    .command("verify")
    .description("look for any line that was changed, removed, moved or added, and for records that are gone")
    .argument("[id|folder]", "one execution, or a folder of records (default: all of the target)")
    .option("--key <file>", "the public key to trust (default: the one beside the records)")
    .option("--head <hash>", "a head of the index that was noted before: nothing up to it may be gone")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  castle evidence verify                                  every execution of the lab that runs here
  castle evidence verify failover-2-eu-central-1-…        one of them
  castle evidence verify ./runs --key auditor/castle.pub.pem

Whoever can write the records and read the key beside them could write both anew. So keep the public key, and the head
that is printed, where they cannot reach: --key and --head find that out. Exit codes: 0 as written, 1 altered, 2 bad usage.`,
    )
    .action(async (what: string | undefined, options: EvidenceFlags) => {
      const { verifyCommand } = await import("./evidence-command.ts");
      process.exitCode = await verifyCommand(what, options);
    });
}

/** What commander hands over. */
export interface EvidenceFlags extends TargetFlags {
  readonly key?: string;
  readonly head?: string;
  readonly json?: boolean;
}
