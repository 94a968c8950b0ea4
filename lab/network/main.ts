/**
 * The network between and before the regions, as a process of its own: the link and the edge forward every byte of a
 * drill, and whatever the supervisor is busy with must not show in the traders' latency.
 */
import { Edge } from "../edge/edge.ts";
import { ArrivalClock } from "../link/clock.ts";
import { PathProxy } from "../link/path-proxy.ts";
import type { NetworkMessage, NetworkOrder, NetworkRequest } from "./protocol.ts";

let proxies: readonly PathProxy[] = [];
let edge: Edge | null = null;

const tell = (message: NetworkMessage): void => {
  process.send?.(message);
};

process.on("disconnect", () => process.exit(0));
process.on("message", ({ id, order }: NetworkRequest) => {
  follow(order).then(
    () => tell({ kind: "answer", id }),
    (error: unknown) => tell({ kind: "answer", id, error: String(error) }),
  );
});

async function follow(order: NetworkOrder): Promise<void> {
  switch (order.kind) {
    case "open":
      return open(order);
    case "round-trip":
      for (const proxy of proxies)
        if (order.channels?.includes(proxy.path.channel) ?? true) proxy.setRoundTrip(order.ms);
      return;
    case "cut":
    case "heal":
    case "stall":
    case "resume": {
      const meant = proxies.filter(
        ({ path }) => order.channels.includes(path.channel) && (order.from ?? path.from) === path.from,
      );
      await Promise.all(meant.map((proxy) => (order.kind === "heal" ? proxy.open() : proxy[order.kind]())));
      return;
    }
    case "edge-black-hole":
      edge?.swallow();
      return;
    case "edge":
      edge?.set(order.region, order.settings);
      return;
    case "edge-targets":
      edge?.setTargets(order.region, order.targets);
      return;
    default:
      order satisfies never;
  }
}

async function open(order: Extract<NetworkOrder, { kind: "open" }>): Promise<void> {
  const clock = new ArrivalClock();
  proxies = order.paths.map((path) => new PathProxy(path, clock));
  for (const proxy of proxies) proxy.setRoundTrip(order.roundTripMs);
  edge = new Edge(order.edge, (view) => tell({ kind: "edge", view }));
  await Promise.all([...proxies.map((proxy) => proxy.open()), edge.open()]);
}
