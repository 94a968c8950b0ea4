/** How the report writes numbers: the same on every machine, whatever its locale. */
export const formatCount = (n: number): string => Math.round(n).toLocaleString("en-US");

/** `4.2 ms`, `85 ms`, `3.27 s`, `74 s`, `2 min 05 s`. */
export function formatMs(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** `1.4 GiB`, `312 MiB`. */
export function formatBytes(bytes: number): string {
  const mebi = bytes / 2 ** 20;
  return mebi < 1_000 ? `${Math.round(mebi)} MiB` : `${(mebi / 1_024).toFixed(1)} GiB`;
}

/** `2026-11-20 19:06:12 UTC`. */
export const formatInstant = (iso: string): string =>
  `${new Date(iso).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** `1 order`, `2 orders`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  n === 1 ? `1 ${one}` : `${formatCount(n)} ${many}`;
