/**
 * How fast commands start: `node tests/bench/start.ts [--runs 5] [--against FILE] [--json]`. Times `node -e 0`, `castle
 * --help`, `castle status`, and `castle failover` from being spawned to its first step beginning, in turn, against a lab
 * that it starts and ends. Figures are told as ratios to `node -e 0` as well: those of one run can be compared, whatever
 * else the machine does. FILE is the bin/castle.js of another checkout, timed in the same turns.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { castleStatus } from "@castle/dr-runbooks/status.ts";
import { Lab } from "@castle/lab/lab.ts";
import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerOf } from "@castle/regions/catalogue.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    against: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is a number from 1, not "${options.runs}"`);

// Where a launcher keeps what it compiled is part of what is timed.
const { NODE_COMPILE_CACHE: _, ...env } = process.env;

interface Started {
  readonly code: number | null;
  readonly lines: readonly string[];
  /** From spawning to the end. */
  readonly ms: number;
  /** When it was spawned: milliseconds since 1970. */
  readonly at: number;
}

async function run(args: readonly string[]): Promise<Started> {
  const at = performance.timeOrigin + performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit").then(([code]) => ({
    code: code as number | null,
    ms: performance.timeOrigin + performance.now() - at,
  }));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  return { ...(await exited), lines, at };
}

async function timed(args: readonly string[]): Promise<number> {
  const { code, ms } = await run(args);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return ms;
}

/** The lab's role goes to its other region. @returns milliseconds until the first step begins */
async function failover(launcher: string, lab: Lab): Promise<number> {
  let active = "";
  const paired = async (): Promise<boolean> => {
    const { witness } = await castleStatus(lab.target);
    if ("unreachable" in witness) return false;
    active = witness.activeRegion;
    return witness.mode === "paired";
  };
  await until(paired, { what: "both cells to be paired", withinMs: 120_000, everyMs: 500 });
  const to = active === homeRegion ? peerOf(homeRegion) : homeRegion;
  const target = join(lab.folder, "target.json");
  const { code, lines, at } = await run([
    launcher,
    ...["failover", "--to", to, "--target", target, "--yes", "--json"],
  ]);
  const events = lines.map((line): { readonly kind?: string; readonly at?: number } => JSON.parse(line));
  const first = events.find(({ kind }) => kind === "step-started")?.at;
  if (code !== 0 || first === undefined) throw new Error(`a failover to ${to} ended with ${code}`);
  return first - at;
}

interface Measured {
  readonly castle: string | null;
  readonly command: string;
  readonly measure: (lab: Lab) => Promise<number>;
  readonly ms: number[];
}

const ofCastle = (castle: string): Measured[] => [
  { castle, command: "castle --help", measure: () => timed([castle, "--help"]), ms: [] },
  {
    ...{ castle, command: "castle status", ms: [] },
    measure: (lab) => timed([castle, "status", "--target", join(lab.folder, "target.json")]),
  },
  { castle, command: "castle failover, to its first step", measure: (lab) => failover(castle, lab), ms: [] },
];

const node: Measured = { castle: null, command: "node -e 0", measure: () => timed(["-e", "0"]), ms: [] };
const launchers = [
  fileURLToPath(new URL("../../bin/castle.js", import.meta.url)),
  ...(options.against === undefined ? [] : [options.against]),
];
const measured = [node, ...launchers.flatMap(ofCastle)];

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const stop = new AbortController();
process.once("SIGINT", () => stop.abort(new Error("interrupted")));

const lab = await Lab.up({ signal: stop.signal, onProgress: say });
try {
  // What was never compiled is, and the folder of records has one: neither is what is timed.
  for (const { measure } of measured) await measure(lab);
  for (let turn = 1; turn <= runs; turn++) {
    stop.signal.throwIfAborted();
    say(`turn ${turn} of ${runs}`);
    for (const { measure, ms } of measured) ms.push(await measure(lab));
  }
} finally {
  await lab.down();
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = low] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

const nodeMs = median(node.ms);
const figures = measured.map(({ castle, command, ms }) => ({
  ...{ castle, command, medianMs: Math.round(median(ms)), leastMs: Math.round(Math.min(...ms)) },
  ratio: Math.round((median(ms) / nodeMs) * 10) / 10,
}));
if (options.json) console.log(JSON.stringify({ runs, figures }, null, 2));
else {
  for (const castle of [null, ...launchers]) {
    if (castle !== null) console.log(castle);
    for (const { command, medianMs, leastMs, ratio } of figures.filter((figure) => figure.castle === castle))
      console.log(
        `${command.padEnd(38)}${String(medianMs).padStart(6)} ms (least ${leastMs})${ratio.toFixed(1).padStart(8)} × node`,
      );
  }
  console.log(`medians of ${runs}; ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);
}
