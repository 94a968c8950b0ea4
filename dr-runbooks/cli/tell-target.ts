import { cellRegions } from "@castle/regions/catalogue.ts";
import type { Target } from "../target.ts";

/** The same target, and nothing in it that opens anything. Pure. */
export function withoutPasswords(target: Target): Target {
  const cells = cellRegions.map((region) => {
    const { databaseUrl, databaseReaderUrl, journalUrl, redisUrl, ...rest } = target.cells[region];
    return [
      region,
      {
        ...rest,
        databaseUrl: placeOf(databaseUrl),
        ...(databaseReaderUrl === undefined ? {} : { databaseReaderUrl: placeOf(databaseReaderUrl) }),
        journalUrl: placeOf(journalUrl),
        redisUrl: placeOf(redisUrl),
      },
    ] as const;
  });
  return { ...target, cells: Object.fromEntries(cells) as Target["cells"] };
}

function placeOf(url: string): string {
  const place = new URL(url);
  place.username = "";
  place.password = "";
  return place.toString();
}

/** A target for people, a line each. Pure. */
export function tellTarget(target: Target): string[] {
  const line = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`  ${name.padEnd(15)} ${value}`];
  return [
    `${target.name}: ${target.kind === "lab" ? "a lab on this machine" : `AWS account ${target.account ?? "unknown"}`}`,
    ...line("witness", `${target.witness.table} in ${target.witness.region}`),
    ...line("global database", target.globalClusterIdentifier),
    ...line("global cache", target.globalReplicationGroupId),
    ...line("records", target.runsFolder),
    ...cellRegions.flatMap((region) => {
      const cell = target.cells[region];
      return [
        "",
        region,
        ...line("database", cell.databaseUrl),
        ...line("while secondary", cell.databaseReaderUrl),
        ...line("journal", cell.journalUrl),
        ...line("cache", cell.redisUrl),
        ...line("cluster", cell.clusterArn),
        ...line("endpoint", cell.endpointId),
        ...line("metrics", cell.metrics?.join(" ")),
        ...line("withheld", cell.withheld),
      ];
    }),
  ];
}
