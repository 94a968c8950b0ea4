import { hostname, userInfo } from "node:os";
import { z } from "zod";

/** Who acts: the user of the operating system, and where. */
export const whoSchema = z.object({
  user: z.string().min(1),
  host: z.string(),
  pid: z.number().int().positive(),
});

export type Who = z.infer<typeof whoSchema>;

export const whoActs = (): Who => ({ user: userName(), host: hostname(), pid: process.pid });

export const tellWho = ({ user, host, pid }: Who): string => `${user} on ${host} (process ${pid})`;

/** A container may run with a uid that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
