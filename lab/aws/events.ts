import type { Trouble } from "./conduct.ts";

/** What happens in the control plane, for whoever writes a drill's timeline. */
export type ControlPlaneEvent =
  | {
      readonly kind: "call";
      /** null when the request could not be told to be for any service, or any operation of it. */
      readonly service: string | null;
      readonly operation: string | null;
      readonly region: string | null;
      /** HTTP status; null when the region's endpoint gave no answer. */
      readonly status: number | null;
      /** Error code of a refusal. */
      readonly code: string | null;
      readonly message: string | null;
      /** What the call met by the lab's own doing: see conduct.ts. */
      readonly trouble: Trouble["is"] | null;
      readonly requestId: string;
      readonly durationMs: number;
    }
  | {
      /** An operation that was answered at once has now ended in the real processes. */
      readonly kind: "change-ended";
      readonly change:
        | "database-failover"
        | "database-switchover"
        | "cache-failover"
        | "endpoint-group-update"
        | "node-group-update";
      readonly to: string;
      /** Why the change was not made; null when it was. */
      readonly failure: string | null;
    };

export type Observer = (event: ControlPlaneEvent) => void;
