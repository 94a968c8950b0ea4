import { stripVTControlCharacters } from "node:util";
import type { StackGraph } from "../graph/graph.ts";
import { engineFor, type Told } from "./engine-service.ts";
import { type Asked, monitorFor } from "./monitor.ts";
import { runProgram } from "./run-program.ts";
import { serve } from "./serve.ts";

/** A program and the stack it is run for. */
export interface Program {
  readonly project: string;
  readonly stack: string;
  /** Where Pulumi.yaml stands. */
  readonly root: string;
  /** The program's folder, from there. */
  readonly main: string;
  readonly config: Readonly<Record<string, string>>;
}

/** The program of a stack ended with an error: its own words, without its stack trace. */
export class ProgramFailed extends Error {
  readonly of: string;

  constructor(stack: string, told: string) {
    super(`the program of stack ${stack} failed:\n${told.replace(/^(?=.)/gm, "  ")}`);
    this.name = "ProgramFailed";
    this.of = stack;
  }
}

/**
 * Runs the unmodified program of one stack in preview mode, with nobody behind it: what it asks for is noted, what only
 * AWS could answer stays unknown.
 * @throws ProgramFailed with what the program said; the signal's reason when it was aborted
 */
export async function previewStack(program: Program, signal: AbortSignal): Promise<StackGraph> {
  const asked: Asked = { resources: [], outputs: {}, refusals: [] };
  const told: Told = { errors: [], warnings: [] };
  const server = await serve(monitorFor(program.stack, program.project, asked), engineFor(told));
  try {
    const { code, output } = await runProgram({ ...program, address: server.address, signal });
    signal.throwIfAborted();
    // Pulumi tells a refusal in its own way, or not at all.
    const errors = asked.refusals.length > 0 ? asked.refusals : told.errors.map(inItsWords);
    if (code !== 0 || errors.length > 0)
      throw new ProgramFailed(program.stack, [...new Set(errors)].join("\n") || lastLines(output, code));
    return {
      stack: program.stack,
      resources: asked.resources,
      outputs: asked.outputs,
      warnings: told.warnings,
    };
  } finally {
    server.end();
  }
}

/** What the program threw, without what Pulumi says before it, and Node's trace after it. */
function inItsWords(message: string): string {
  const lines = stripVTControlCharacters(message)
    .replace(/^Running program '.*' failed with an unhandled exception:\n/, "")
    .replace(/^(<ref \*\d+> )?(Error: )?/, "")
    .split("\n");
  const trace = lines.findIndex((line) => /^\s+at .*[:(]/.test(line));
  return (trace > 0 ? lines.slice(0, trace) : lines).join("\n").trim();
}

const lastLines = (output: string, code: number | null): string =>
  output.trim().split("\n").slice(-20).join("\n") || `it ended with code ${code} and said nothing`;
