/** What a cell may do now. Run-time state, never infrastructure state. */
export type Role = "active" | "standby";

/** How far an active cell has opened: commands are refused, only cancels are taken, or everything is. */
export type Gate = "closed" | "cancel-only" | "open";

/**
 * `paired`: every acknowledged command is durable in both regions. `solo`: in one, because the peer is gone.
 */
export type Mode = "paired" | "solo";
