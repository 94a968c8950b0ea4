import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** As distributions and vendors name it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A PDF was wanted, and there is nothing that prints one. */
export class ChromiumMissing extends Error {
  constructor() {
    super(
      `no Chromium is on the PATH (looked for ${NAMES.join(", ")}): install one (on Debian or Ubuntu: apt-get install chromium), or leave the PDF out; the HTML prints the same from any browser`,
    );
    this.name = "ChromiumMissing";
  }
}

/** @throws ChromiumMissing */
export function findChromium(path = process.env.PATH ?? ""): string {
  for (const folder of path.split(delimiter).filter(Boolean))
    for (const name of NAMES) {
      const file = join(folder, name);
      if (isExecutable(file)) return file;
    }
  throw new ChromiumMissing();
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** It prints one local page: nothing it would do besides is wanted. */
export const chromiumFlags = (): string[] => [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Its sandbox refuses to be started by root, who runs it in containers.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
