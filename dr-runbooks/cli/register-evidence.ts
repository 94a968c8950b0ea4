import type { Command } from "commander";
import type { TargetFlags } from "./target-options.ts";

/** `castle evidence`. What carries it out is loaded only when it is called. */
export function registerEvidence(program: Command): void {
  const evidence = program
    .command("evidence")
    .description(
      "show that the records of executions are as they were written, and keep a copy that nobody can remove",
    );

  evidence
    .command("verify")
    .description("look for any line that was changed, removed, moved or added, and for records that are gone")
    .argument("[id|folder]", "one execution, or a folder of records (default: all of the target)")
    .option("--key <file>", "the public key to trust (default: the one beside the records)")
    .option("--head <hash>", "a head of the index that was noted before: nothing up to it may be gone")
    .option(
      "--bucket [region]",
      "the copy in the target's S3 bucket of a region, or of every region; held against the folder, where there is one",
    )
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  castle evidence verify                                  every execution of the lab that runs here
  castle evidence verify failover-2-eu-central-1-…        one of them
  castle evidence verify ./runs --key auditor/castle.pub.pem
  castle evidence verify --bucket eu-central-1            the copy there: locked, whole, and the same as here

Whoever can write the records and read the key beside them could write both anew. So keep the public key, and the head
that is printed, where they cannot reach: --key and --head find that out. Exit codes: 0 as written, 1 altered, 2 bad usage.`,
    )
    .action(async (what: string | undefined, options: EvidenceFlags) => {
      const { verifyCommand } = await import("./evidence-command.ts");
      process.exitCode = await verifyCommand(what, options);
    });

  evidence
    .command("ship")
    .description("send to the target's S3 buckets what a run could not: runs send their record by themselves")
    .option("--bucket <region>", "that region's alone (default: all)")
    .option("--json", "as JSON, a line for each bucket")
    .addHelpText(
      "after",
      `
Examples:
  castle evidence ship
  castle evidence ship --bucket eu-west-1     once the region is back

Nothing that is there is written again: it may be repeated. Exit codes: 0 all is there, 1 something is left, 2 bad usage.`,
    )
    .action(async (options: BucketFlags) => {
      const { shipCommand } = await import("./evidence-bucket-command.ts");
      process.exitCode = await shipCommand(options);
    });

  evidence
    .command("pull")
    .description(
      "fetch records from the target's S3 buckets, to go on from this machine with what another began",
    )
    .option("--bucket <region>", "that region's alone (default: all that answer)")
    .option("--json", "as JSON, a line for each bucket")
    .addHelpText(
      "after",
      `
Examples:
  castle evidence pull && castle runs
  castle resume failover-2-eu-central-1-…     pulls by itself what is not here

Needs the private key that signs the records, at the target's evidence.keyFile: bring it from your secret store; it is in
no bucket. Nothing that is here is replaced. Exit codes: 0 fetched, 1 something could not be, 2 bad usage.`,
    )
    .action(async (options: BucketFlags) => {
      const { pullCommand } = await import("./evidence-bucket-command.ts");
      process.exitCode = await pullCommand(options);
    });
}

/** What commander hands over. */
export interface EvidenceFlags extends TargetFlags {
  readonly key?: string;
  readonly head?: string;
  readonly json?: boolean;
  /** true: of every region. */
  readonly bucket?: string | true;
}

export interface BucketFlags extends TargetFlags {
  readonly bucket?: string;
  readonly json?: boolean;
}
