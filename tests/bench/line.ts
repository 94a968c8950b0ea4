/**
 * What a message over a line costs, in CPU of either side: `node tests/bench/line.ts [--json]`. Two processes over
 * loopback, one sends and one receives; messages of 200 to 2,000 bytes, evenly. A paced sender's figure includes the
 * timer that wakes it, up to once a millisecond, as a request would. CPU, not time; yet on a busy machine caches are
 * cold, so compare figures of one hour only.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { dial } from "@castle/services/kernel/line/dial.ts";
import type { Line } from "@castle/services/kernel/line/line.ts";
import { LineServer } from "@castle/services/kernel/line/line-server.ts";

const SEAL_KEY = Buffer.alloc(32, 7);
const SECONDS = 4;
const RATES = [500, 2_000] as const;
const AS_FAST_AS_POSSIBLE = 200_000;
/** Below this, the unthrottled sender goes on: enough that neither side waits for the other. Bytes. */
const ENOUGH_BEHIND = 256 * 1024;
const MESSAGES = [200, 500, 800, 1_100, 1_400, 1_700, 2_000].map((bytes) => "x".repeat(bytes));

interface Received {
  readonly messages: number;
  readonly cpuUs: number;
}

interface Figures {
  /** Messages a second that arrived. */
  readonly rate: number;
  readonly requestedRate: number | "unlimited";
  readonly senderUsPerMessage: number;
  readonly receiverUsPerMessage: number;
}

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** The other process: counts, and answers each question about it with its account. */
async function receive(): Promise<void> {
  let messages = 0;
  const onMessage = (): void => void messages++;
  const accept = () => ({ onMessage, onClose: () => process.exit() });
  const server = await LineServer.listen({ host: "127.0.0.1", port: 0, sealKey: SEAL_KEY, accept });
  process.on("message", () => process.send?.({ messages, cpuUs: cpuUs() } satisfies Received));
  process.send?.(server.port);
}

async function receivedBy(receiver: ChildProcess): Promise<Received> {
  receiver.send("account");
  const [account] = await once(receiver, "message");
  return account as Received;
}

/** Open loop: sends what is due by the clock, however late it wakes. */
async function paced(rate: number, send: (message: string) => void): Promise<void> {
  const began = performance.now();
  for (let sent = 0; sent < rate * SECONDS; await delay(Math.max(1, 1_000 / rate))) {
    const due = Math.min(rate * SECONDS, ((performance.now() - began) * rate) / 1_000);
    for (; sent < due; sent++) send(message(sent));
  }
}

async function unthrottled(line: Line): Promise<void> {
  for (let sent = 0; sent < AS_FAST_AS_POSSIBLE; await turn()) {
    while (sent < AS_FAST_AS_POSSIBLE && line.bytesBehind < ENOUGH_BEHIND) line.send(message(sent++));
  }
}

const message = (n: number): string => MESSAGES[n % MESSAGES.length] ?? "";

async function measure(
  receiver: ChildProcess,
  requestedRate: Figures["requestedRate"],
  work: () => Promise<void>,
): Promise<Figures> {
  const before = await receivedBy(receiver);
  const began = performance.now();
  const expected =
    before.messages + (requestedRate === "unlimited" ? AS_FAST_AS_POSSIBLE : requestedRate * SECONDS);
  const sentFromUs = cpuUs();
  await work();
  const senderUs = cpuUs() - sentFromUs;
  let after = await receivedBy(receiver);
  for (; after.messages < expected; after = await receivedBy(receiver)) await delay(20);
  const messages = after.messages - before.messages;
  return {
    requestedRate,
    rate: Math.round(messages / ((performance.now() - began) / 1_000)),
    senderUsPerMessage: round(senderUs / messages),
    receiverUsPerMessage: round((after.cpuUs - before.cpuUs) / messages),
  };
}

const round = (us: number): number => Math.round(us * 10) / 10;

async function send(): Promise<Figures[]> {
  const receiver = fork(import.meta.filename, ["receive"]);
  const [port] = await once(receiver, "message");
  const handlers = { onMessage: () => undefined, onClose: () => undefined };
  const identity = { service: "bench", instance: "sender" };
  const line = await dial(`127.0.0.1:${port}`, { sealKey: SEAL_KEY, identity, handlers });
  const send = (text: string): void => line.send(text);
  try {
    // Warms both sides up, and waits until the last of it has arrived.
    await measure(receiver, 2_000, () => paced(2_000, send));
    const figures: Figures[] = [];
    for (const rate of RATES) {
      figures.push(await measure(receiver, rate, () => paced(rate, send)));
    }
    return [...figures, await measure(receiver, "unlimited", () => unthrottled(line))];
  } finally {
    line.close("the measurement is over");
  }
}

if (process.argv[2] === "receive") await receive();
else {
  const figures = await send();
  if (process.argv.includes("--json")) console.log(JSON.stringify(figures, null, 2));
  else {
    console.log("µs of CPU per message of 200-2,000 bytes over TLS-PSK\n");
    for (const { requestedRate, rate, senderUsPerMessage, receiverUsPerMessage } of figures) {
      const row = `${requestedRate === "unlimited" ? "as fast as possible" : "paced"}, ${rate.toLocaleString("en")} messages/s`;
      console.log(`${row.padEnd(44)}sender ${senderUsPerMessage}   receiver ${receiverUsPerMessage}`);
    }
  }
}
