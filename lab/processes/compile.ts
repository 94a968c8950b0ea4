import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { services } from "@castle/services/catalogue.ts";
import { nodeEnvironment } from "../environment.ts";

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What a lab runs in processes of its own, and what that is made of. */
const entries = [
  ...services.map(({ entry }) => fromHere(`../../services/${entry}`)),
  fromHere("../network/main.ts"),
];
const sources = ["../../services", "../../regions", "../../package-lock.json"].map(fromHere);
const MOST_MS = 60_000;

/**
 * Has Node compile whatever a lab runs, unless that is done: it is kept from lab to lab, and else the first one on a
 * machine would spend its start, and its traders' first requests, on it. @returns whether there was anything to do
 */
export async function compileServices(): Promise<boolean> {
  const { NODE_COMPILE_CACHE: folder = "" } = nodeEnvironment;
  const done = join(folder, `compiled-${process.version}`);
  if (changedAt(done) > Math.max(...sources.map(newest))) return false;
  await Promise.all(entries.map(load));
  mkdirSync(folder, { recursive: true });
  writeFileSync(done, "");
  return true;
}

/**
 * Node writes what it has compiled when the process ends in good order. A service that is given no settings loads all it is
 * made of, says which are missing, and ends. Whether it did shows when the lab starts.
 */
async function load(entry: string): Promise<void> {
  const { PATH = "", HOME = "/" } = process.env;
  const child = spawn(process.execPath, [entry], {
    stdio: "ignore",
    env: { PATH, HOME, ...nodeEnvironment },
    timeout: MOST_MS,
    killSignal: "SIGKILL",
  });
  await once(child, "exit");
}

function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  const within = readdirSyncOf(path).map((name) => newest(join(path, name)));
  return Math.max(mtimeMs, ...within);
}

function readdirSyncOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [];
  return readdirSync(path).filter((name) => name !== "node_modules");
}

/** Milliseconds since 1970; 0 when there is no such file. */
const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
