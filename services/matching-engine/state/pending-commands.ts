import type { AcceptedCommand, Seq } from "../../kernel/domain/command.ts";

/** Below this many, what was taken from the front stays in the array: moving the rest costs more than it frees. */
const KEPT_AT_FRONT = 1_024;

/** One stream's commands that are sequenced and not applied, oldest first, and how far of them the log has. */
export class PendingCommands {
  #commands: AcceptedCommand[] = [];
  #front = 0;
  #lastSeq: Seq;
  #loggedUpTo: Seq;

  /** @param appliedSeq the last command applied */
  constructor(appliedSeq: Seq) {
    this.#lastSeq = appliedSeq;
    this.#loggedUpTo = appliedSeq;
  }

  get size(): number {
    return this.#commands.length - this.#front;
  }

  /** Of the last command sequenced. */
  get lastSeq(): Seq {
    return this.#lastSeq;
  }

  /** Every command up to here is in the cell's log. */
  get loggedUpTo(): Seq {
    return this.#loggedUpTo;
  }

  get next(): AcceptedCommand | undefined {
    return this.#commands[this.#front];
  }

  push(command: AcceptedCommand): void {
    if (command.seq !== this.#lastSeq + 1)
      throw new Error(`stream ${command.stream}: command ${command.seq} behind ${this.#lastSeq}`);
    this.#commands.push(command);
    this.#lastSeq = command.seq;
  }

  /** Takes back the last command. */
  withdraw(command: AcceptedCommand): void {
    if (this.#commands.at(-1) !== command)
      throw new Error(`stream ${command.stream}: command ${command.seq} is not the last one sequenced`);
    this.#commands.pop();
    this.#lastSeq = command.seq - 1;
  }

  logged(upTo: Seq): void {
    if (upTo > this.#loggedUpTo) this.#loggedUpTo = upTo;
  }

  /** Takes the next command, to be applied. */
  shift(): AcceptedCommand {
    const command = this.#commands[this.#front];
    if (!command) throw new Error("no command is pending");
    this.#front += 1;
    if (this.#front > KEPT_AT_FRONT && this.#front * 2 > this.#commands.length) {
      this.#commands = this.#commands.slice(this.#front);
      this.#front = 0;
    }
    return command;
  }
}
