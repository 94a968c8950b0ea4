import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** What Pulumi starts a policy pack in Node.js with. */
const RUNTIME = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
const PACK = fileURLToPath(new URL("../", import.meta.url));
const END_WITH_PARENT = new URL("./end-with-parent.ts", import.meta.url).href;
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/castle", import.meta.url));
/** The pack logs nothing while it starts, so that nobody needs to listen there. */
const NO_ENGINE = "127.0.0.1:1";
/** Many times what it takes. */
const LIMIT_MS = 300_000;

export interface PackFor {
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  /** True: exceptions are left to the caller, and the pack reports whatever is against a rule. */
  readonly withoutExceptions?: boolean;
  /** Ends the pack. */
  readonly signal: AbortSignal;
}

export interface PackProcess {
  /** Host and port of its Analyzer. */
  readonly address: string;
  readonly pid: number | undefined;
  /** Settles when the process is gone, whoever ended it. */
  readonly gone: Promise<void>;
  /** Ends it. @returns once it is gone */
  end(): Promise<void>;
}

/**
 * Starts the pack in a process of its own, as Pulumi does. It ends with `end`, with the signal, and with this process, however
 * that ends.
 * @throws Error with what it said, when it ends or does not begin to listen; the signal's reason when it was aborted
 */
export async function startPack(options: PackFor): Promise<PackProcess> {
  options.signal.throwIfAborted();
  const child = spawn(process.execPath, ["--import", END_WITH_PARENT, RUNTIME, NO_ENGINE, PACK], {
    cwd: PACK,
    env: {
      ...surroundings(process.env),
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? COMPILED,
      PULUMI_NODEJS_PROJECT: options.project,
      PULUMI_NODEJS_STACK: options.stack,
      PULUMI_NODEJS_DRY_RUN: "true",
      PULUMI_CONFIG: JSON.stringify(options.config),
      PULUMI_CONFIG_SECRET_KEYS: "[]",
      ...(options.withoutExceptions ? { CASTLE_EXCEPTIONS: "left-to-the-caller" } : {}),
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  const gone = new Promise<void>((resolve) =>
    child.once("close", () => resolve()).once("error", () => resolve()),
  );
  process.once("exit", kill);
  options.signal.addEventListener("abort", kill, { once: true });
  const end = async (): Promise<void> => {
    kill();
    await gone;
    process.off("exit", kill);
    options.signal.removeEventListener("abort", kill);
  };
  try {
    const port = await portOf(child, options.stack);
    return { address: `127.0.0.1:${port}`, pid: child.pid, gone, end };
  } catch (error) {
    await end();
    options.signal.throwIfAborted();
    throw error;
  }
}

/** The first line that the pack writes is its port. */
function portOf(child: ChildProcess, stack: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let [said, wrong] = ["", ""];
    const fail = (how: string): void =>
      reject(
        new Error(
          `the policy pack for stack ${stack} ${how}:\n${(wrong + said).trim() || "it said nothing"}`,
        ),
      );
    const limit = setTimeout(() => fail(`did not listen within ${LIMIT_MS / 1_000} s`), LIMIT_MS);
    child.stderr?.on("data", (chunk: Buffer) => {
      wrong += chunk;
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk;
      const port = /^(\d+)\n/m.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(limit);
      resolve(Number(port));
    });
    child.once("error", (error) => fail(`cannot be started (${error.message})`));
    child.once("close", (code) => {
      clearTimeout(limit);
      fail(`ended with code ${code} before it listened`);
    });
  });
}

/** The pack judges what it is shown: it needs no account, and must not find one. */
const surroundings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(AWS_|PULUMI_|CASTLE_|KUBECONFIG$|OTEL_|NODE_OPTIONS$)/.test(name),
    ),
  );
