import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Paused } from "@castle/dr-runbooks/engine/interrupted.ts";
import { pausable, wishForPause } from "@castle/dr-runbooks/engine/pause.ts";
import { expect } from "chai";
import { scratchFolder } from "./scratch.ts";

const by = { user: "ada", host: "console", pid: 7 };

describe("a wish that a run be paused", () => {
  const folder = scratchFolder();
  const file = (): string => join(folder(), "one.pause");
  const watching = <Result>(work: Parameters<typeof pausable<Result>>[1]): Promise<Result> =>
    pausable({ folder: folder(), id: "one" }, work);

  it("is seen when it is looked for, tells whose it is and why, and is gone once it is granted", async () => {
    await watching(async ({ stop, look }) => {
      await look();
      expect(stop.aborted).to.equal(false);
      await wishForPause(folder(), "one", by, "lunch");
      await look();
      expect(stop.reason).to.be.instanceOf(Paused).and.deep.include({ by, because: "lunch" });
    });
    expect(existsSync(file())).to.equal(false);
  });

  it("is seen by a run that only waits, too", async () => {
    await watching(async ({ stop }) => {
      const seen = new Promise((resolve) => stop.addEventListener("abort", resolve));
      await wishForPause(folder(), "one", by, "lunch");
      await seen;
    });
  });

  it("of before, and of another execution, is not heard", async () => {
    await wishForPause(folder(), "one", by, "lunch");
    await wishForPause(folder(), "two", by, "lunch");
    await watching(async ({ stop, look }) => {
      await look();
      expect(stop.aborted).to.equal(false);
    });
  });

  it("stops the run all the same when the file tells nothing", async () => {
    await watching(async ({ stop, look }) => {
      writeFileSync(file(), "nonsense");
      await look();
      expect(stop.reason).to.have.property("because", "the file tells no reason");
    });
  });

  it("does not keep Ctrl-C from stopping it", async () => {
    const ctrlC = new AbortController();
    await pausable({ folder: folder(), id: "one", stop: ctrlC.signal }, async ({ stop }) => {
      ctrlC.abort();
      expect(stop.aborted).to.equal(true);
      expect(stop.reason).to.not.be.instanceOf(Paused);
    });
  });
});
