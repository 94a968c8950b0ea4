/** A process of its own that answers every message with the same: `answering-peer.ts <port> <limits as JSON>`. */
import { dial } from "@castle/services/kernel/line/dial.ts";
import { GATEWAY, SEAL_KEY } from "./line-pair.ts";

const [, , port, limits = "{}"] = process.argv;
const line = await dial(`127.0.0.1:${port}`, {
  sealKey: SEAL_KEY,
  identity: GATEWAY,
  connectWithinMs: 10_000,
  limits: JSON.parse(limits),
  handlers: { onMessage: (message) => line.send(message), onClose: () => process.exit() },
});
process.send?.("connected");
