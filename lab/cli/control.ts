import { cellRegions } from "@castle/regions/catalogue.ts";
import { z } from "zod";
import { linkChannels } from "../link/channels.ts";

/** What the command line may ask of a running lab. */
export const controlCommandSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("status") }),
  z.object({ kind: z.literal("down") }),
  z.object({
    kind: z.literal("region"),
    action: z.enum(["kill", "freeze", "thaw", "restore"]),
    region: z.enum(cellRegions),
  }),
  z.object({
    kind: z.literal("link"),
    action: z.enum(["cut", "heal", "stall", "resume"]),
    channels: z.array(z.enum(linkChannels)).min(1),
  }),
  z.object({ kind: z.literal("round-trip"), ms: z.number().min(0).max(10_000) }),
]);

export type ControlCommand = z.infer<typeof controlCommandSchema>;

/** In the lab's private folder: who can read it may control the lab. */
export const CONTROL_FILE = "control.json";

export const controlAccessSchema = z.object({ url: z.url(), token: z.string().min(32) });
export type ControlAccess = z.infer<typeof controlAccessSchema>;

export type ControlAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: string };
