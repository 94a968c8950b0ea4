import { basename } from "node:path";

/** A command ended with an error. Its last lines are in the message. */
export class CommandFailed extends Error {
  readonly output: string;

  constructor(command: string, how: number | string, output: string) {
    const last = output.trimEnd().split("\n").slice(-8).join("\n");
    super(`${basename(command)} ended with ${how}${last === "" ? "" : `:\n${last}`}`);
    this.name = "CommandFailed";
    this.output = output;
  }
}
