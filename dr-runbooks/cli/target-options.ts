import type { Command } from "commander";
import { UsageError } from "./exit.ts";

/** Which Castle a command acts on, as given before it or behind it. */
export interface TargetFlags {
  readonly target?: string;
  readonly stack?: string;
  readonly outputs?: string;
  readonly databaseCa?: string;
}

/**
 * Told once, and understood by every command that operates a Castle: `castle --target aws --stack prd status`, and
 * behind the command as well.
 * @param register adds those commands; the options are shown in the help of each
 */
export function registerTargetOptions(program: Command, register: (program: Command) => void): void {
  program
    .option("--target <what>", "lab: the one that runs in this folder (the default); aws; or a file")
    .option("--stack <name>", "with --target aws: the stack of the home cell and of what both cells share")
    .option(
      "--outputs <file|folder>",
      "with --target aws: outputs saved by castle target save, when Pulumi cannot be asked",
    )
    .option("--database-ca <file>", "with --target aws: the bundle of RDS's certificate authorities (PEM)")
    .configureHelp({ showGlobalOptions: true });
  register(program);
  program.configureHelp({});
  const operating = new Set(program.commands);
  program.hook("preAction", (_, action) => {
    const given = program.opts<TargetFlags>();
    const command = outermost(action, program);
    if (!operating.has(command)) refuseAll(given, `castle ${command.name()}`);
    for (const [name, value] of Object.entries(given)) action.setOptionValue(name, value);
  });
}

function outermost(command: Command, program: Command): Command {
  return command.parent === null || command.parent === program ? command : outermost(command.parent, program);
}

function refuseAll(given: TargetFlags, command: string): void {
  const [name] = Object.keys(given);
  if (name !== undefined)
    throw new UsageError(
      `${command} acts on labs of this machine alone: leave out --${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    );
}
