import type { LinkChannel } from "@castle/lab/link/channels.ts";
import { ArrivalClock } from "@castle/lab/link/clock.ts";
import { PathProxy } from "@castle/lab/link/path-proxy.ts";
import { freePort } from "./cell.ts";

/** A way from the cell to a server, which can fail. */
export async function linkTo(channel: LinkChannel, targetPort: number): Promise<PathProxy> {
  const path = new PathProxy(
    { channel, from: "eu-west-1", to: "eu-central-1", listenPort: await freePort(), targetPort },
    new ArrivalClock(),
  );
  await path.open();
  return path;
}

/** The same URL, by that way. */
export function through({ path }: PathProxy, url: string): string {
  const changed = new URL(url);
  changed.port = String(path.listenPort);
  return changed.href;
}
