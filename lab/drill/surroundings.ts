import { readFile } from "node:fs/promises";
import { arch, cpus, platform, release, totalmem } from "node:os";
import type { Machine, Report } from "@castle/dr-runbooks/report/report.ts";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { homeRegion } from "@castle/regions/catalogue.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import { z } from "zod";

/** The machine that the figures hold for. */
export const thisMachine = (): Machine => ({
  cpus: cpus().length,
  model: cpus()[0]?.model.trim() || "unknown processor",
  memoryBytes: totalmem(),
  system: `${platform()} ${release()} ${arch()}`,
});

/** Versions of what a lab runs, as its own servers tell them. */
export async function versionsOf(target: Target): Promise<Report["versions"]> {
  const { databaseUrl, redisUrl } = target.cells[homeRegion];
  const [castle, postgres, redis] = await Promise.all([
    castleVersion(),
    postgresVersion(databaseUrl),
    redisVersion(redisUrl),
  ]);
  return { castle, node: process.version, postgres, redis };
}

async function castleVersion(): Promise<string> {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}

async function postgresVersion(url: string): Promise<string> {
  const database = connectDatabase(url, { name: "drill", max: 1 });
  try {
    const { rows } = await database.raw<{ rows: { server_version: string }[] }>("show server_version");
    return rows[0]?.server_version ?? "unknown";
  } finally {
    await database.destroy();
  }
}

async function redisVersion(url: string): Promise<string> {
  const redis = connectRedis(url, "subscriber");
  try {
    return /redis_version:(\S+)/.exec(await redis.info("server"))?.[1] ?? "unknown";
  } finally {
    redis.disconnect();
  }
}
