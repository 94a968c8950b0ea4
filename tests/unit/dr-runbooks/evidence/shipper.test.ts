import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecutionRecord, listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { keyOf, placeOf } from "@castle/dr-runbooks/evidence/bucket/place.ts";
import { KeyMissing, pullEvidence } from "@castle/dr-runbooks/evidence/bucket/pull.ts";
import { Shipper } from "@castle/dr-runbooks/evidence/bucket/shipper.ts";
import { noteUnshipped, tellUnshipped } from "@castle/dr-runbooks/evidence/bucket/unshipped.ts";
import { INDEX, readIndex } from "@castle/dr-runbooks/evidence/executions-index.ts";
import { keyFileIn } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { milliseconds, minutes } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { scratchFolder } from "../engine/scratch.ts";
import { started } from "../engine/world.ts";
import { BucketOfTests } from "./bucket-of-tests.ts";
import { recorded, verified } from "./recorded.ts";

const patient = minutes(1);
const key = (chain: string, seq: number): string => keyOf({ chain, seq });

describe("the shipper of records", () => {
  const folder = scratchFolder();
  let bucket: BucketOfTests;
  beforeEach(() => {
    bucket = new BucketOfTests();
  });

  const linesIn = (file: string): string[] =>
    readFileSync(join(folder(), file), "utf8")
      .split(/(?<=\n)/)
      .filter(Boolean);
  const ship = () => new Shipper(bucket, folder()).end(patient);

  it("sends every line as it is, each when the one before is there, and the index's when what it tells of is", async () => {
    await recorded(folder(), "one");
    expect(await ship()).to.deep.include({ sent: 18, left: [] });
    const sent = bucket.written.map((written) => placeOf(written));
    expect(sent.filter((place) => place?.chain === "one").map((place) => place?.seq)).to.deep.equal(
      Array.from({ length: 16 }, (_, at) => at + 1),
    );
    expect(sent.slice(0, 3)).to.deep.equal([
      { chain: "one", seq: 1 },
      { chain: INDEX, seq: 1 },
      { chain: "one", seq: 2 },
    ]);
    expect(sent.at(-1)).to.deep.equal({ chain: INDEX, seq: 2 });
    expect(linesIn("one.jsonl")).to.deep.equal(
      Array.from({ length: 16 }, (_, at) => bucket.text(key("one", at + 1))),
    );
  });

  it("sends what is written meanwhile, and nothing twice", async () => {
    const shipper = new Shipper(bucket, folder());
    const record = await ExecutionRecord.create(folder(), { ...started, id: "one" });
    shipper.poke();
    await record.append({ kind: "step-started", at: 2, step: "a" }, { durable: true });
    shipper.poke();
    await record.close();
    expect(await shipper.end(patient)).to.deep.include({ sent: 3, left: [] });
    expect(await ship()).to.deep.include({ sent: 0, left: [] });
    expect(bucket.objects).to.have.length(3);
  });

  it("never sends a line that is not whole", async () => {
    await recorded(folder(), "one");
    appendFileSync(join(folder(), "one.jsonl"), '{"seq":17,"pr');
    await ship();
    expect(bucket.objects.some((object) => object.key === key("one", 17))).to.equal(false);
  });

  it("sends again after a failure, and takes a line whose answer was lost for sent", async () => {
    await recorded(folder(), "one");
    let failures = 2;
    bucket.before = async (call) => {
      if (call === "put" && failures-- > 0) throw new Error("SlowDown");
    };
    bucket.loseAnswer = true;
    expect((await ship()).left).to.deep.equal([]);
    expect(new Set(bucket.written).size, "nothing was written twice").to.equal(18);
  });

  it("gives up when its time is up, and tells what is left; the next one sends that", async () => {
    await recorded(folder(), "one");
    bucket.before = (_, at, signal) =>
      at === key("one", 4)
        ? new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)))
        : Promise.resolve();
    const shipped = await new Shipper(bucket, folder()).end(milliseconds(300));
    expect(shipped.left.map(({ chain, there, lines }) => [chain, there, lines])).to.have.deep.members([
      ["one", 3, 16],
      [INDEX, 1, 2],
    ]);
    expect(tellUnshipped([shipped]).join()).to.include(
      "14 lines of 2 files are not in s3://evidence-of-tests",
    );
    await noteUnshipped({ folder: folder() }, [shipped]);
    await noteUnshipped({ folder: folder() }, [shipped]);
    const noted = (await readIndex(folder())).filter(({ kind }) => kind === "unshipped");
    expect(noted).to.have.length(1);
    expect(noted[0]).to.include({ id: "one", lines: 16, region: bucket.region });
    expect((await verified(folder())).problems).to.deep.equal([]);
    bucket.before = async () => undefined;
    expect(await ship()).to.deep.include({ sent: 15, left: [] });
  });

  it("does not wait for its pause, nor for a bucket that never answers, longer than it is given", async () => {
    await recorded(folder(), "one");
    bucket.before = async () => {
      throw new Error("getaddrinfo ENOTFOUND");
    };
    const { left } = await new Shipper(bucket, folder()).end(milliseconds(50));
    expect(left[0]?.because).to.equal("getaddrinfo ENOTFOUND");
  });

  it("never replaces a line that is another there, says so, and sends the rest", async () => {
    await recorded(folder(), "one");
    await recorded(folder(), "two", 2);
    bucket.keep(key("one", 2), Buffer.from("another\n"));
    const { left } = await ship();
    expect(left.map(({ chain, there }) => [chain, there])).to.deep.equal([["one", 1]]);
    expect(left[0]?.because).to.include("runs/one/000002.json is another line there");
    expect(bucket.text(key("one", 2))).to.equal("another\n");
    expect(bucket.objects.filter((object) => object.key.startsWith("runs/two/"))).to.have.length(16);
  });

  describe("with a pull on another machine", () => {
    const elsewhere = scratchFolder();
    const pull = () => pullEvidence({ bucket, folder: elsewhere(), keyFile: keyFileIn(elsewhere()) });
    const bringKey = (): void => cpSync(keyFileIn(folder()), keyFileIn(elsewhere()));

    it("brings the same files to an empty folder, which the key can go on with", async () => {
      const record = await ExecutionRecord.create(folder(), { ...started, id: "one" });
      await record.append({ kind: "step-started", at: 2, step: "a" }, { durable: true });
      await record.close();
      await ship();
      bringKey();
      const { added, left } = await pull();
      expect([...added]).to.deep.equal([
        ["one", 2],
        [INDEX, 1],
      ]);
      expect(left.size).to.equal(0);
      for (const file of ["one.jsonl", INDEX])
        expect(readFileSync(join(elsewhere(), file), "utf8")).to.equal(linesIn(file).join(""));
      expect((await listExecutions(elsewhere())).map(({ id, begun }) => [id, begun])).to.deep.equal([
        ["one", { a: 2 }],
      ]);
      const resumed = await ExecutionRecord.open(elsewhere(), "one");
      await resumed.append({ kind: "finished", at: 3, outcome: "done" }, { durable: true });
      await resumed.close();
      expect((await verified(elsewhere())).problems).to.deep.equal([]);
      expect((await new Shipper(bucket, elsewhere()).end(patient)).left).to.deep.equal([]);
      expect([...(await pull()).added], "nothing is fetched twice").to.deep.equal([]);
    });

    it("adds to what is there, and leaves alone what went another way", async () => {
      await recorded(folder(), "one");
      await recorded(folder(), "two", 2);
      await ship();
      cpSync(folder(), elsewhere(), { recursive: true });
      const short = linesIn("one.jsonl").slice(0, 5).join("");
      rmSync(join(elsewhere(), "one.jsonl"));
      appendFileSync(join(elsewhere(), "one.jsonl"), `${short}{"torn`);
      bucket.object(key("two", 16)).bytes = Buffer.from(bucket.object(key("two", 15)).bytes);
      const { added, left } = await pull();
      expect([...added]).to.deep.equal([["one", 11]]);
      expect([...left.keys()]).to.deep.equal(["two"]);
      expect(readFileSync(join(elsewhere(), "one.jsonl"), "utf8")).to.equal(linesIn("one.jsonl").join(""));
    });

    it("leaves whole evidence, wherever between two objects the shipping was cut off", async () => {
      await recorded(folder(), "one");
      for (let sent = 1; sent < 18; sent++) {
        const cut = new BucketOfTests();
        cut.before = async (call, _, signal) => {
          if (call === "put" && cut.written.length === sent)
            await new Promise((_resolve, reject) => signal?.addEventListener("abort", reject));
        };
        const there = mkdtempSync(join(tmpdir(), "castle-cut-"));
        try {
          await new Shipper(cut, folder()).end(milliseconds(50));
          expect(cut.written).to.have.length(sent);
          cpSync(keyFileIn(folder()), keyFileIn(there));
          cut.before = async () => undefined;
          await pullEvidence({ bucket: cut, folder: there, keyFile: keyFileIn(there) });
          expect((await verified(there)).problems, `behind ${cut.written.at(-1)}`).to.deep.equal([]);
        } finally {
          rmSync(there, { recursive: true });
        }
      }
    });

    it("takes lines as far as they follow on each other", async () => {
      await recorded(folder(), "one");
      await ship();
      bucket.remove(key("one", 6));
      bringKey();
      expect((await pull()).added.get("one")).to.equal(5);
    });

    it("needs the key, takes none for it, and lets nothing in that another has signed", async () => {
      await recorded(folder(), "one");
      await ship();
      expect(await pull().catch((error: unknown) => error)).to.be.instanceOf(KeyMissing);
      const other = mkdtempSync(join(tmpdir(), "castle-other-"));
      try {
        await recorded(other, "else");
        cpSync(keyFileIn(other), keyFileIn(elsewhere()));
      } finally {
        rmSync(other, { recursive: true });
      }
      const { added, left } = await pull();
      expect(added.size).to.equal(0);
      expect(left.get("one")).to.include("line 1 is not signed by the key");
    });
  });
});

describe("the key of an object", () => {
  it("tells chain and number, and is the only spelling of them", () => {
    expect(keyOf({ chain: "failover-2", seq: 12 })).to.equal("runs/failover-2/000012.json");
    expect(placeOf("runs/failover-2/000012.json")).to.deep.equal({ chain: "failover-2", seq: 12 });
    expect(placeOf(keyOf({ chain: "a", seq: 12_345_678 }))).to.deep.equal({ chain: "a", seq: 12_345_678 });
    for (const other of ["runs/a/12.json", "runs/a/000000.json", "runs/a/b/000001.json", "a/000001.json", ""])
      expect(placeOf(other), other).to.equal(null);
  });
});
