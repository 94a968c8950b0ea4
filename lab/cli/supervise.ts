import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ONE } from "@castle/services/kernel/domain/amount.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { openAccounts } from "../accounts.ts";
import { Lab, type LabOptions } from "../lab.ts";
import type { TraderAccount } from "../traders/requests.ts";
import { CONTROL_FILE } from "./control.ts";
import { ControlServer } from "./control-server.ts";
import { removePointer, writePointer } from "./pointer.ts";

/** What `castle lab up` tells of a lab that is ready. */
export interface RunningLab {
  readonly folder: string;
  readonly edge: { readonly api: string; readonly stream: string };
  readonly awsEndpoint: string;
  /** An account to trade with by hand. */
  readonly demo: TraderAccount;
  readonly symbol: string;
}

/** Far from those that drills open. */
const DEMO_ACCOUNT = 1_000_001;
/** In whole units of each asset. */
const DEMO_FUNDS = 1_000_000n;

export interface SuperviseOptions {
  readonly lab: LabOptions;
  /** Gets the pointer to the lab. */
  readonly directory: string;
  readonly onReady: (lab: RunningLab) => void;
  /** Aborted to end the lab. */
  readonly signal: AbortSignal;
}

/** Brings a lab up and keeps it until it is told to go down. @throws what Lab.up throws */
export async function supervise({
  lab: options,
  directory,
  onReady,
  signal,
}: SuperviseOptions): Promise<void> {
  const lab = await Lab.up({ ...options, signal });
  let ended = (): void => undefined;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const down = async (): Promise<void> => {
    removePointer(directory, lab.folder);
    await lab.down();
    ended();
  };
  signal.addEventListener("abort", () => void down());
  try {
    const control = await ControlServer.start(lab, down);
    try {
      writeFileSync(join(lab.folder, CONTROL_FILE), JSON.stringify(control.access), { mode: 0o600 });
      const symbols = options.symbols ?? ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
      const demo = await openDemoAccount(lab, symbols);
      writePointer(directory, lab.folder);
      const awsEndpoint = lab.target.awsEndpoint ?? "";
      onReady({ folder: lab.folder, edge: lab.edge, awsEndpoint, demo, symbol: symbols[0] ?? "" });
      if (signal.aborted) await down();
      await end;
    } finally {
      await control.close();
    }
  } finally {
    await down();
  }
}

async function openDemoAccount(lab: Lab, symbols: readonly string[]): Promise<TraderAccount> {
  const assets = new Set(symbols.map(symbolNamed).flatMap(({ base, quote }) => [base, quote]));
  const [demo] = await openAccounts(lab, {
    count: 1,
    seed: randomInt(2 ** 31),
    firstId: DEMO_ACCOUNT,
    funds: Object.fromEntries([...assets].map((asset) => [asset, DEMO_FUNDS * ONE])),
  });
  if (!demo) throw new Error("the demo account was not opened");
  return demo;
}
