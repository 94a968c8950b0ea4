import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ExecutionBusy, ExecutionLock } from "@castle/dr-runbooks/engine/lock.ts";
import { lives, type ProcessIdentity, thisProcess } from "@castle/dr-runbooks/engine/process-identity.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";

const ID = "failover-2";

describe("the lock of an execution", () => {
  const folder = scratchFolder();
  const leave = (holder: ProcessIdentity, number = 1): void =>
    writeFileSync(join(folder(), `${ID}.lock-${number}`), JSON.stringify(holder));
  const refusal = (): Promise<unknown> =>
    ExecutionLock.acquire(folder(), ID).catch((error: unknown) => error);

  it("keeps a second runner out, and tells who holds it", async () => {
    const lock = await ExecutionLock.acquire(folder(), ID);
    const error = await refusal();
    expect(error).to.be.instanceOf(ExecutionBusy);
    expect(String(error)).to.contain(`process ${process.pid}`);
    await lock.release();
    await (await ExecutionLock.acquire(folder(), ID)).release();
  });

  it("does not stand in the way of another execution", async () => {
    const locks = [
      await ExecutionLock.acquire(folder(), ID),
      await ExecutionLock.acquire(folder(), "another"),
    ];
    await Promise.all(locks.map((lock) => lock.release()));
    expect(readdirSync(folder())).to.deep.equal([]);
  });

  it("is taken over from a process that died", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    const { pid } = child;
    await once(child, "exit");
    if (pid === undefined) throw new Error("the child was not started");
    leave({ host: hostname(), pid, startedTicks: 1 });
    await (await ExecutionLock.acquire(folder(), ID)).release();
  });

  it("is taken over when its holder's pid belongs to a later process now", async function () {
    const { startedTicks } = thisProcess();
    if (startedTicks === null) return this.skip();
    leave({ ...thisProcess(), startedTicks: startedTicks - 1 });
    await (await ExecutionLock.acquire(folder(), ID)).release();
  });

  it("is not taken over from another host, whose processes cannot be asked", async () => {
    leave({ host: "elsewhere", pid: 1, startedTicks: 1 });
    expect(String(await refusal())).to.contain("on elsewhere");
  });

  it("goes to exactly one of many that find the same dead holder", async () => {
    const dead = { ...thisProcess(), pid: 2 ** 22 - 1, startedTicks: 1 };
    expect(lives(dead)).to.equal(false);
    leave(dead);
    for (let round = 0; round < 20; round++) {
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, () => ExecutionLock.acquire(folder(), ID)),
      );
      const won = tries.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      expect(won).to.have.length(1);
      await won[0]?.release();
    }
  });
});
