import { execFile } from "node:child_process";
import { chmod, chown, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PostgresServer } from "@castle/lab/servers/postgres.ts";

const run = promisify(execFile);

/** The server speaks TLS from now on to whoever asks for it, with a certificate of its own that ends in so many days. */
export async function presentCertificate(server: PostgresServer, days: number): Promise<void> {
  const [row] = await server.query<{ folder: string }>("select current_setting('data_directory') as folder");
  const folder = row?.folder ?? "";
  const [key, certificate] = [join(folder, "server.key"), join(folder, "server.crt")];
  await run("openssl", [
    ...["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...["-days", String(days), "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate],
  ]);
  // The server's own user reads its key, and nobody else may.
  const { uid, gid } = await stat(folder);
  for (const file of [key, certificate]) await chown(file, uid, gid);
  await chmod(key, 0o600);
  await server.query("alter system set ssl = on");
  await server.query("select pg_reload_conf()");
}

export async function presentNoCertificate(server: PostgresServer): Promise<void> {
  await server.query("alter system reset ssl");
  await server.query("select pg_reload_conf()");
}
