/** Every story, in the order in which `castle drill --all` plays them: those that leave a lab whole go first. */
export const scenarioNames = [
  "ledger",
  "once",
  "gateway-loss",
  "cache-loss",
  "journal-loss",
  "poison-message",
  "clock-skew",
  "half-open-connections",
  "projection-stalled",
  "deep-sweeps",
  "journal-slow",
  "database-writer-crash",
  "witness-loss",
  "partition-from-witness",
  "full-disk",
  "engine-crash-loop",
  "link-loss",
  "peer-loss",
  "failback",
  "region-loss",
  "planned-switchover",
  "fence",
  "operator-cut-off",
  "failover-during-failover",
  "control-plane-throttled",
  "journal",
  "mark",
  "loss-in-solo",
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** Other words for some of them, as people who come from elsewhere would ask. */
export const aliases: Readonly<Record<string, ScenarioName>> = {
  "region-freeze-and-return": "fence",
  "partition-between-cells": "link-loss",
  "database-lag": "journal",
  "gateway-crash": "gateway-loss",
};

/** The name itself for whatever is no alias. */
export const withoutAlias = (name: unknown): unknown =>
  typeof name === "string" && Object.hasOwn(aliases, name) ? aliases[name] : name;
