import client from "prom-client";

/** What an operator watches of the engine. */
export const metrics = {
  commandsApplied: new client.Counter({
    name: "castle_engine_commands_applied_total",
    help: "Commands applied: durable, matched and settled.",
    labelNames: ["stream"],
  }),
  appliedSeq: new client.Gauge({
    name: "castle_engine_applied_seq",
    help: "Seq of the last command applied by this engine.",
    labelNames: ["stream"],
  }),
  batchSize: new client.Histogram({
    name: "castle_engine_batch_size",
    help: "Commands logged together.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  }),
  logSeconds: new client.Histogram({
    name: "castle_engine_log_seconds",
    help: "From a batch's being decided to its commit in the cell's command log.",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
  }),
  durableSeconds: new client.Histogram({
    name: "castle_durable_seconds",
    help: "From the commit of a command to its being durable as the mode demands, and applied.",
    buckets: [0.005, 0.01, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 1],
  }),
  projectSeconds: new client.Histogram({
    name: "castle_engine_project_seconds",
    help: "Duration of a chunk's projection.",
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
  }),
  projectionLagSeconds: new client.Gauge({
    name: "castle_engine_projection_lag_seconds",
    help: "Age of the oldest command that is applied and not yet in the projection.",
  }),
  unprojectedBytes: new client.Gauge({
    name: "castle_engine_unprojected_bytes",
    help: "Memory that commands take until they are projected, about.",
  }),
};
