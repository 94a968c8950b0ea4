import { styleText } from "node:util";
import type { Meaning, Paint } from "./tell-readiness.ts";

const styles: Readonly<Record<Meaning, Parameters<typeof styleText>[0]>> = {
  good: "green",
  bad: ["red", "bold"],
  doubtful: "yellow",
  quiet: "dim",
  strong: "bold",
};

/** In colours on a terminal that shows them, and nobody forbids (NO_COLOR). */
export const paint: Paint = (meaning, text) => styleText(styles[meaning], text, { stream: process.stdout });
