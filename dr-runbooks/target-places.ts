import { type CellRegion, cellRegions } from "@castle/regions/catalogue.ts";
import { isLoopback } from "@castle/regions/loopback.ts";

/** The parts of a target that lead somewhere. */
interface Places {
  readonly kind: "lab" | "aws";
  readonly awsEndpoint?: string | undefined;
  readonly witness: { readonly endpoint?: string | undefined };
  readonly cells: Readonly<
    Record<
      CellRegion,
      {
        readonly databaseUrl: string;
        readonly databaseReaderUrl?: string | undefined;
        readonly journalUrl: string;
        readonly redisUrl: string;
        readonly metrics?: readonly string[] | undefined;
      }
    >
  >;
}

export interface MisplacedPart {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Where a target leads and must not: a lab's parts are all on this machine, so that no rehearsal reaches anything real;
 * those of AWS are none of them, and are reached over TLS alone. None when all is well. Pure.
 */
export function misplaced(target: Places): readonly MisplacedPart[] {
  const mistakes: MisplacedPart[] = [];
  for (const [path, url] of [
    [["awsEndpoint"], target.awsEndpoint],
    [["witness", "endpoint"], target.witness.endpoint],
  ] as const) {
    if (target.kind === "lab" && (url === undefined || !isLoopback(url)))
      mistakes.push({ path, message: "a lab's endpoint must be on loopback" });
    if (target.kind === "aws" && url !== undefined)
      mistakes.push({ path, message: "AWS itself has no endpoint of its own" });
  }
  for (const [path, url] of serversOf(target)) {
    const here = isLoopback(url);
    if (target.kind === "lab" && !here)
      mistakes.push({ path, message: "a lab's servers must be on loopback" });
    if (target.kind === "aws" && here)
      mistakes.push({ path, message: "this machine is no part of a Castle on AWS" });
    if (target.kind === "aws" && !hasTls(new URL(url)))
      mistakes.push({
        path,
        message:
          "servers on AWS are reached over TLS: add ?sslmode=verify-full to a database's URL, rediss:// to a cache's",
      });
  }
  return mistakes;
}

function serversOf({ cells }: Places): (readonly [(string | number)[], string])[] {
  return cellRegions.flatMap((region) => {
    const { databaseUrl, databaseReaderUrl, journalUrl, redisUrl, metrics = [] } = cells[region];
    return [
      ...Object.entries({ databaseUrl, databaseReaderUrl, journalUrl, redisUrl }).flatMap(([name, url]) =>
        url === undefined ? [] : [[["cells", region, name], url] as const],
      ),
      ...metrics.map((url, index) => [["cells", region, "metrics", index], url] as const),
    ].map(([path, url]) => [[...path], url] as const);
  });
}

/** Metrics hold no secret, and are read inside the cell's own network. */
function hasTls({ protocol, searchParams }: URL): boolean {
  switch (protocol) {
    case "rediss:":
    case "http:":
    case "https:":
      return true;
    case "postgres:":
    case "postgresql:":
      return searchParams.get("sslmode") === "verify-full";
    default:
      return false;
  }
}
