import { Load } from "./load.ts";
import type { FromTraders, ToTraders } from "./messages.ts";

/** The traders' process. It lives as long as its supervisor: when the channel ends, so does it. */
const FIGURES_EVERY_MS = 100;

let load: Load | null = null;
let telling: NodeJS.Timeout | null = null;

const tell = (message: FromTraders): void => {
  if (process.connected) process.send?.(message);
};

async function handle(message: ToTraders): Promise<void> {
  switch (message.kind) {
    case "start": {
      const starting = new Load(message.options, (problem) =>
        tell({ kind: "problem", message: problem.message }),
      );
      load = starting;
      tell({ kind: "started", startedAt: await starting.start() });
      telling = setInterval(() => tell({ kind: "second", figures: starting.second() }), FIGURES_EVERY_MS);
      break;
    }
    case "figures":
      if (load) tell({ kind: "figures", id: message.id, figures: load.figures(message.windows) });
      break;
    case "stop":
      if (telling) clearInterval(telling);
      await load?.stop();
      process.disconnect();
      break;
    default:
      message satisfies never;
  }
}

// Ctrl-C reaches the whole group of processes: the supervisor decides when the load ends, and its records are kept.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
process.on("message", (message: ToTraders) => {
  handle(message).catch((error: unknown) => {
    tell({ kind: "failed", because: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    process.disconnect();
  });
});
