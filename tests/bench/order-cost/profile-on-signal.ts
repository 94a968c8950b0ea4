/**
 * Loaded before a service's own code (`node --import`): SIGUSR2 starts its CPU profiler, the next one stops it and writes
 * the profile. So a profile holds the steady window alone, and needs no end in good order.
 */
import { renameSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";

const session = new Session();
let running = false;

process.on("SIGUSR2", () => {
  running = !running;
  void (running ? start() : stop());
});

async function start(): Promise<void> {
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
}

async function stop(): Promise<void> {
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const { BENCH_PROFILE_FOLDER, CASTLE_REGION, CASTLE_INSTANCE } = process.env;
  const path = `${BENCH_PROFILE_FOLDER}/${CASTLE_REGION} ${CASTLE_INSTANCE}.cpuprofile`;
  // Whoever waits for the file finds it whole.
  writeFileSync(`${path}.part`, JSON.stringify(profile));
  renameSync(`${path}.part`, path);
}
