declare module "dynalite" {
  import type { Server } from "node:http";

  /** DynamoDB in this process; in memory unless a path is given. */
  export default function dynalite(options?: {
    readonly path?: string;
    /** How long a table is being created, changed or removed. Milliseconds; default 500. */
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }): Server;
}
