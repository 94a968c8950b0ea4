import { isLoopback } from "@castle/regions/loopback.ts";

const databases = ["DATABASE_URL", "DATABASE_READER_URL", "JOURNAL_URL", "PEER_JOURNAL_URL"] as const;
const cache = "REDIS_URL";

/**
 * Where an environment would have stores asked without TLS, or without asking who answers; a line each, none when all is
 * well. Only a lab may: it gives WITNESS_ENDPOINT, and only what is on this machine is a lab's. Values are never repeated:
 * they may be secrets. What is no URL of a store at all is somebody else's to tell.
 */
export function withoutTls(env: NodeJS.ProcessEnv): readonly string[] {
  const witness = env["WITNESS_ENDPOINT"];
  const isLab = witness !== undefined;
  const mistakes: string[] = [];
  if (isLab && URL.canParse(witness) && !isLoopback(witness))
    mistakes.push(
      "WITNESS_ENDPOINT leads off this machine: it is for a lab alone, whose stores need no TLS; leave it out to reach AWS",
    );
  if (!isLab && env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0")
    mistakes.push("NODE_TLS_REJECT_UNAUTHORIZED is 0: nobody would be asked who they are; remove it");
  const mayBePlain = (url: string): boolean => isLab && isHere(url);
  for (const name of databases) {
    const url = env[name];
    if (url?.match(/^postgres(ql)?:/) && !isVerified(url) && !mayBePlain(url))
      mistakes.push(
        `${name}: a database is reached over TLS and vouched for by name: let ?sslmode=verify-full&sslrootcert=FILE be all that it asks for, each once`,
      );
  }
  const url = env[cache];
  if (url?.match(/^rediss?:/) && !isSecured(url) && !mayBePlain(url))
    mistakes.push(
      `${cache}: a cache is reached over TLS: begin it with rediss:// and let nothing follow a "?"`,
    );
  return mistakes;
}

/** A URL that names another host in its query leads there, whatever host it shows. */
const isHere = (url: string): boolean => URL.canParse(url) && isLoopback(url) && new URL(url).search === "";

/** pg goes by the last of a parameter's values, and by others (`host`, `ssl`) that undo what this one says. */
function isVerified(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { searchParams } = new URL(url);
  return (
    searchParams.getAll("sslmode").join() === "verify-full" &&
    searchParams.getAll("sslrootcert").length <= 1 &&
    [...searchParams.keys()].every((key) => key === "sslmode" || key === "sslrootcert")
  );
}

/** ioredis takes options from the query, and `?tls=` is one that turns TLS off. */
const isSecured = (url: string): boolean =>
  url.startsWith("rediss://") && URL.canParse(url) && new URL(url).search === "";
