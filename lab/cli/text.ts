import type { LabStatus } from "../status.ts";
import type { RunningLab } from "./supervise.ts";

/** What a person needs to trade on a lab that has just come up. */
export function welcome({ folder, edge, awsEndpoint, demo, symbol }: RunningLab): string {
  const order = `symbol=${symbol}&side=BUY&type=LIMIT&timeInForce=GTC&price=100.00&quantity=1`;
  return `
Both cells are ready.

  API        ${edge.api}/api/v3
  streams    ${edge.stream}
  AWS        ${awsEndpoint}
  folder     ${folder}

A funded demo account, and a signed order to copy:

  KEY=${demo.apiKey}
  SECRET=${demo.secret}
  Q="${order}&timestamp=$(date +%s)000"
  SIG=$(printf %s "$Q" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)
  curl -s -X POST -H "X-MBX-APIKEY: $KEY" "${edge.api}/api/v3/order?$Q&signature=$SIG"

Next: castle lab status · castle lab kill eu-west-1 · castle failover --to eu-central-1 · castle lab down
`;
}

/** The status as a person reads it. */
export function statusText(status: LabStatus): string {
  const { witness, link, cells } = status;
  const lines = [
    witness
      ? `epoch ${witness.epoch} · ${witness.activeRegion} active · ${witness.mode}`
      : "the witness does not answer",
    `link ${link.roundTripMs} ms round trip${faults("cut", link.cut)}${faults("stalled", link.stalled)}`,
    `edge ${status.edge.api} · ${status.edge.stream}`,
    `memory ${status.memoryMib} MiB · supervisor ${status.supervisor} · ${status.folder}`,
  ];
  for (const cell of cells) {
    const role = cell.role
      ? `${cell.role.role}, epoch ${cell.role.epoch}, ${cell.role.gate}, ${cell.role.durability}`
      : "its database does not answer";
    const { dial, weight, health } = cell.edge;
    lines.push(
      "",
      `${cell.region}  ${cell.state}  (${role})`,
      `  database ${cell.database} · cache ${cell.cache} · edge ${health}, dial ${dial}, weight ${weight ?? "none"}`,
      ...cell.processes.map(({ name, state, pid, memoryMib, restarts }) =>
        [
          `  ${name.padEnd(18)}`,
          state.padEnd(9),
          `pid ${String(pid ?? "-").padEnd(8)}`,
          `${String(memoryMib).padStart(5)} MiB`,
          restarts > 0 ? `  restarted ${restarts} times` : "",
        ].join(" "),
      ),
    );
  }
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

const faults = (what: string, channels: readonly string[]): string =>
  channels.length === 0 ? "" : ` · ${what}: ${channels.join(", ")}`;
