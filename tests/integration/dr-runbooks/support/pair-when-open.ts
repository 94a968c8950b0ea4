import { setTimeout as sleep } from "node:timers/promises";
import { epoch } from "@castle/regions/epoch.ts";
import { type HandoverRig, PEER } from "./handover-rig.ts";

/** The gateways of PEER, for tests that are not about them: once their cell is open, they pair. */
export function pairWhenOpen(rig: HandoverRig): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    for (;;) {
      if (stopping.signal.aborted) return;
      const role = await rig.peer.role();
      if (role.region === PEER && role.gate === "open") break;
      await sleep(20);
    }
    await rig.witness.change({ kind: "pair", region: PEER, epoch: epoch(2), by: "a gateway of the peer" });
  };
  const working = work();
  return {
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}
