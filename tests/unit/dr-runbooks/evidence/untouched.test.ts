import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { thisProcess } from "@castle/dr-runbooks/engine/process-identity.ts";
import { ExecutionRecord, listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { run } from "@castle/dr-runbooks/engine/runner.ts";
import { canonical } from "@castle/dr-runbooks/evidence/canonical.ts";
import { indexWhatWasKilled } from "@castle/dr-runbooks/evidence/index-what-was-killed.ts";
import { keyFileIn, loadSigningKey, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { expect } from "chai";
import fc from "fast-check";
import { scratchFolder } from "../engine/scratch.ts";
import { newWorld, started } from "../engine/world.ts";
import { filesIn, recorded, runbook, verified } from "./recorded.ts";

const ONE = "one.jsonl";

describe("records of executions, as they were written", () => {
  const folder = scratchFolder();
  const { lines, write, path, index } = filesIn(folder);

  const problems = async (): Promise<readonly unknown[]> => (await verified(folder())).problems;

  it("are green, and tell by which key, how many lines and where the index ends", async () => {
    await recorded(folder(), "one");
    const { fingerprint } = await loadSigningKey(keyFileIn(folder()));
    const verdict = await verified(folder());
    expect(verdict).to.include({ green: true, executions: 1, lines: 18, key: fingerprint });
    expect(verdict.head).to.equal(JSON.parse(lines(index).at(-1) ?? "").hash);
    expect(JSON.parse(lines(ONE)[0] ?? "").event.key).to.equal(fingerprint);
  });

  it("are green when a kill tore the last line, before and behind the run that goes on", async () => {
    const record = await ExecutionRecord.create(folder(), { ...started, id: "one" });
    await record.append({ kind: "step-started", at: 2, step: "look" }, { durable: true });
    await record.close();
    appendFileSync(path(ONE), '{"seq":3,"prev":"');
    appendFileSync(path(index), '{"seq":2,"pr');
    expect(await problems()).to.deep.equal([]);
    const again = await ExecutionRecord.open(folder(), "one");
    await run({ runbook, context: newWorld(), record: again });
    await again.close();
    expect(await problems()).to.deep.equal([]);
    expect((await listExecutions(folder()))[0]?.finished?.outcome).to.equal("done");
  });

  it("are green when several executions begin and end at once", async () => {
    const ids = Array.from({ length: 6 }, (_, n) => `execution-${n}`);
    await Promise.all(ids.map((id) => recorded(folder(), id)));
    expect(await verified(folder())).to.deep.include({ green: true, executions: 6, problems: [] });
    expect(lines(index)).to.have.length(12);
  });

  it("are green when several processes begin at once, in a folder that has no key yet", async () => {
    const script = fileURLToPath(new URL("records-in-a-process.ts", import.meta.url));
    const ended = ["a", "b", "c"].map((id) =>
      once(spawn(process.execPath, [script, folder(), id], { stdio: "inherit" }), "exit"),
    );
    expect((await Promise.all(ended)).map(([code]) => code)).to.deep.equal([0, 0, 0]);
    expect(await verified(folder())).to.deep.include({ green: true, executions: 15, problems: [] });
  });

  it("are green with a key that is kept elsewhere", async () => {
    const keyFile = join(folder(), "safe", "castle.pem");
    const record = await ExecutionRecord.create(folder(), { ...started, id: "one" }, keyFile);
    await run({ runbook, context: newWorld(), record });
    await record.close();
    expect(await verified(folder(), { publicKey: publicKeyFile(keyFile) })).to.include({ green: true });
    expect(await verified(folder()), "there is no key beside them").to.include({ green: false });
  });

  describe("whose runner was killed between a line and the index's,", () => {
    const leaveLock = (): void =>
      writeFileSync(path("one.lock-1"), JSON.stringify({ ...thisProcess(), pid: 2 ** 22 - 1 }));

    it("are green once begun, and indexed by the run that goes on", async () => {
      await recorded(folder(), "one");
      write(ONE, lines(ONE).slice(0, 1));
      write(index, []);
      expect(await problems(), "without its lock, it was put there").to.have.length(1);
      leaveLock();
      expect(await problems()).to.deep.equal([]);
      const again = await ExecutionRecord.open(folder(), "one");
      await run({ runbook, context: newWorld(), record: again });
      await again.close();
      expect(await problems()).to.deep.equal([]);
      expect(lines(index)).to.have.length(2);
    });

    it("are green once ended, and indexed by whoever runs next", async () => {
      await recorded(folder(), "one");
      write(index, lines(index).slice(0, 1));
      leaveLock();
      expect(await problems()).to.deep.equal([]);
      await indexWhatWasKilled({ folder: folder() }, await listExecutions(folder()));
      expect(lines(index)).to.have.length(2);
      expect(await problems()).to.deep.equal([]);
    });

    it("and one whose end was removed from the index is not indexed anew", async () => {
      await recorded(folder(), "one");
      write(index, lines(index).slice(0, 1));
      await indexWhatWasKilled({ folder: folder() }, await listExecutions(folder()));
      expect(await problems()).to.have.length(1);
    });
  });

  it("are not written to by a runner when they were altered", async () => {
    await recorded(folder(), "one");
    write(ONE, lines(ONE).toSpliced(4, 1));
    const before = readFileSync(path(ONE));
    const refused = await ExecutionRecord.open(folder(), "one").catch((error: unknown) => String(error));
    expect(refused).to.contain("one.jsonl, line 5");
    expect(readFileSync(path(ONE)).equals(before)).to.equal(true);
  });

  it("do not keep a failover waiting when the index was altered", async () => {
    await recorded(folder(), "one");
    write(index, ["rubbish"]);
    await recorded(folder(), "two", 2);
    expect((await listExecutions(folder())).map(({ finished }) => finished?.outcome)).to.deep.equal([
      "done",
      "done",
    ]);
    expect(await verified(folder())).to.include({ green: false });
  });
});

describe("the key that signs records", () => {
  const folder = scratchFolder();

  it("is made once, also by several at once, and is its owner's alone", async () => {
    const file = keyFileIn(folder());
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadSigningKey(file)));
    expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).to.equal(1);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readFileSync(publicKeyFile(file), "utf8")).to.contain("BEGIN PUBLIC KEY");
  });

  it("is refused when the file holds something else", async () => {
    writeFileSync(keyFileIn(folder()), "hello");
    const error = await loadSigningKey(keyFileIn(folder())).catch((found: unknown) => found);
    expect(String(error)).to.contain("holds no Ed25519 key");
  });
});

describe("the canonical form", () => {
  it("is the same for the same value, however it was built, and is JSON of it", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonical(turned)).to.equal(canonical(value));
        expect(canonical(JSON.parse(canonical(value)))).to.equal(canonical(value));
      }),
    );
  });

  it("differs where values differ", () => {
    const spelled = [{ a: 1 }, { a: "1" }, { a: [1] }, { a: null }, { b: 1 }, { a: 1, b: 1 }, [1], {}, []];
    expect(new Set(spelled.map(canonical)).size).to.equal(spelled.length);
  });
});
