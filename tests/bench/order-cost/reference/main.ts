import { once } from "node:events";
import { BATCH_EVERY_MS } from "@castle/services/matching-engine/sequencing/sequencer.ts";
import { Batches } from "./batches.ts";
import { endpointApp } from "./endpoint.ts";
import type { EndpointListens, EndpointOptions } from "./messages.ts";
import { type ReferenceCommand, TwoDatabases } from "./two-databases.ts";

/**
 * The reference endpoint's process. It lives as long as the bench: when the channel ends, so does it.
 *
 * About as long as Castle's gateway gathers, with what it waits for the event loop; shorter costs more, and longer is
 * felt.
 */
/** A round trip of 20 ms, two commits, and room: beyond that, batches get larger and not more. */
const MOST_UNDER_WAY = 8;

process.on("disconnect", () => process.exit());
const [options] = (await once(process, "message")) as [EndpointOptions];

const databases = await TwoDatabases.connect({ near: options.nearUrl, far: options.farUrl }, (error) => {
  throw error; // nothing can be acknowledged any more, and nothing be measured
});
const batches = new Batches<ReferenceCommand>({
  gatherMs: BATCH_EVERY_MS,
  mostUnderWay: MOST_UNDER_WAY,
  commit: (commands) => databases.commit(commands),
});
const app = endpointApp({ accounts: options.accounts, commit: (command) => batches.add(command) });
await once(app.listen(options.port, "127.0.0.1"), "listening");
const listens: EndpointListens = { kind: "listens" };
process.send?.(listens);
