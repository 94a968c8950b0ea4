import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Pulumi's Node.js language runtime: what `pulumi preview` starts a program with, too. */
const RUNTIME = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run");
/** Providers' packages are large: compiled once. */
const COMPILED = fileURLToPath(new URL("../../../node_modules/.cache/castle", import.meta.url));

export interface ProgramRun {
  readonly address: string;
  readonly project: string;
  readonly stack: string;
  /** Where Pulumi.yaml stands. */
  readonly root: string;
  /** The program's folder, from there. */
  readonly main: string;
  readonly config: Readonly<Record<string, string>>;
  /** Ends the program. */
  readonly signal: AbortSignal;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a stack's program to its end, as a preview. @returns once it is gone, however it ended */
export function runProgram({
  address,
  project,
  stack,
  root,
  main,
  config,
  signal,
}: ProgramRun): Promise<ProgramEnd> {
  const flags = {
    monitor: address,
    engine: address,
    project,
    stack,
    organization: "organization",
    pwd: root,
  };
  const child = spawn(
    process.execPath,
    [
      // Pulumi notes where each promise began, and reads source maps for each frame: told to nobody here, and half of the time.
      "--stack-trace-limit=1",
      RUNTIME,
      ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
      "--root-directory",
      root,
      "--parallel=16",
      "--dry-run",
      main,
    ],
    {
      cwd: root,
      env: {
        ...surroundings(process.env),
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? COMPILED,
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: "[]",
        PULUMI_NODEJS_TYPESCRIPT: "false",
      },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  return new Promise((resolve, reject) => {
    // One that never began closes nothing; one that was ended has ended only when it closes.
    child.once("error", (error) => {
      if (child.pid === undefined) reject(error);
    });
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** A plan needs no account, and must not find one: what says where an account or another engine is stays outside. */
const surroundings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(AWS_|PULUMI_|KUBECONFIG$|OTEL_|NODE_OPTIONS$)/.test(name)),
  );
