import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";
import { LineEnd, LinePair, listen } from "./line-pair.ts";

const QUICK = { heartbeatMs: 40, silentMs: 300 } as const;
const PATIENT = { heartbeatMs: 40, silentMs: 60_000 } as const;

/** Stops this process for a while, as a machine that is suspended would. */
const freeze = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe("silence on a line", () => {
  it("does not come while nothing is sent, for heartbeats go both ways", async () => {
    await using pair = await LinePair.connect({ server: QUICK, client: QUICK });
    await delay(4 * QUICK.silentMs);
    expect([pair.engine.closings, pair.gateway.closings]).to.deep.equal([[], []]);
    expect([pair.engine.messages, pair.gateway.messages]).to.deep.equal([[], []]);
    await until(() => pair.engine.line.silentForMs() < QUICK.silentMs / 2, {
      what: "a heartbeat",
      withinMs: 5_000,
    });
  });

  it("of a network that is cut closes either end, which says for how long it heard nothing", async () => {
    await using pair = await LinePair.connect({ server: QUICK, client: QUICK });
    pair.tap.stall();
    await Promise.all([pair.engine.closes(), pair.gateway.closes()]);
    for (const [because] of [pair.engine.closings, pair.gateway.closings]) {
      const [, silentForMs] = /^nothing was heard for (\d+) ms$/.exec(because ?? "") ?? [];
      expect(Number(silentForMs), because).to.be.at.least(QUICK.silentMs);
    }
  });

  it("is not what two ends conclude that were frozen together", async () => {
    await using pair = await LinePair.connect({ server: QUICK, client: QUICK });
    for (let n = 0; n < 3; n++) {
      freeze(3 * QUICK.silentMs);
      await delay(4 * QUICK.heartbeatMs);
    }
    pair.gateway.line.send("still here");
    await pair.engine.hears(1);
    expect([pair.engine.closings, pair.gateway.closings]).to.deep.equal([[], []]);
  });

  describe("of another process", () => {
    let peer: ChildProcess | null = null;
    afterEach(() => peer?.kill("SIGKILL"));

    async function connectPeer(port: number): Promise<ChildProcess> {
      peer = fork(`${import.meta.dirname}/answering-peer.ts`, [String(port), JSON.stringify(QUICK)]);
      await once(peer, "message");
      return peer;
    }

    it("that is stopped closes the line", async () => {
      const engine = new LineEnd();
      const server = await listen({ engine, limits: QUICK });
      try {
        const stopped = await connectPeer(server.port);
        stopped.kill("SIGSTOP");
        await engine.closes();
        expect(engine.closings[0]).to.match(/^nothing was heard for/);
      } finally {
        await server.close();
      }
    });

    it("is not concluded by one that was stopped itself, and finds much to read", async () => {
      const engine = new LineEnd();
      const server = await listen({ engine, limits: PATIENT });
      try {
        const stopped = await connectPeer(server.port);
        for (let n = 1; n <= 3; n++) {
          stopped.kill("SIGSTOP");
          await delay(3 * QUICK.silentMs);
          engine.line.send(`question ${n}`);
          stopped.kill("SIGCONT");
          await engine.hears(n);
        }
        expect(engine.messages).to.deep.equal(["question 1", "question 2", "question 3"]);
        expect(engine.closings).to.deep.equal([]);
      } finally {
        await server.close();
      }
    });
  });
});
