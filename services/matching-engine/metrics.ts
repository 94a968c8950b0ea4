import client from "prom-client";

/** What an operator watches of the engine, by stream. */
export const metrics = {
  commandsApplied: new client.Counter({
    name: "castle_engine_commands_applied_total",
    help: "Commands applied and committed.",
    labelNames: ["stream"],
  }),
  applySeconds: new client.Histogram({
    name: "castle_engine_apply_seconds",
    help: "Time to apply and commit one chunk of commands.",
    labelNames: ["stream"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  }),
  appliedSeq: new client.Gauge({
    name: "castle_engine_applied_seq",
    help: "Seq of the last command applied and committed by this engine.",
    labelNames: ["stream"],
  }),
};
