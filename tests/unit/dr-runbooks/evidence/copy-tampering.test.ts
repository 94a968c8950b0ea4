import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredContent } from "@castle/dr-runbooks/evidence/bucket/bucket.ts";
import { keyOf } from "@castle/dr-runbooks/evidence/bucket/place.ts";
import { Shipper } from "@castle/dr-runbooks/evidence/bucket/shipper.ts";
import { verifyCopy } from "@castle/dr-runbooks/evidence/bucket/verify-copy.ts";
import { entryOf, lineOf, nextEntry, rootOf } from "@castle/dr-runbooks/evidence/chain.ts";
import { INDEX } from "@castle/dr-runbooks/evidence/executions-index.ts";
import { keyFileIn, loadSigningKey, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { minutes, seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { BucketOfTests, DAY } from "./bucket-of-tests.ts";
import { recorded } from "./recorded.ts";

const one = (seq: number): string => keyOf({ chain: "one", seq });
const index = (seq: number): string => keyOf({ chain: INDEX, seq });

describe("the copy of records in a bucket, altered", () => {
  let folder = "";
  let bucket: BucketOfTests;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "castle-copied-"));
    await recorded(folder, "one");
    await recorded(folder, "two", 2);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    bucket = new BucketOfTests();
    const { left } = await new Shipper(bucket, folder).end(seconds(10));
    expect(left).to.deep.equal([]);
  });

  const verified = (where = folder, only?: string) =>
    verifyCopy({
      ...{ bucket, folder: where, only, retention: minutes(30 * 24 * 60) },
      publicKey: publicKeyFile(keyFileIn(folder)),
    });
  const hold = (key: string, bytes: Uint8Array): void => {
    bucket.object(key).bytes = bytes;
  };
  const lock = (key: string, retention: StoredContent["retention"]): void => {
    bucket.object(key).retention = retention;
  };
  const change = (key: string, to: (text: string) => string): void => {
    hold(key, Buffer.from(to(bucket.text(key))));
  };
  /** As somebody who holds a key writes a chain anew, with every hash right. */
  const writeAnew = async (chain: string, keyFile: string): Promise<void> => {
    const key = await loadSigningKey(keyFile);
    let head = rootOf(chain);
    for (let seq = 1; bucket.objects.some((object) => object.key === keyOf({ chain, seq })); seq++) {
      const event = entryOf(bucket.text(keyOf({ chain, seq })).trimEnd())?.event as object;
      const entry = nextEntry(chain, head, "ms" in event ? { ...event, ms: 1 } : event, key);
      bucket.object(keyOf({ chain, seq })).bytes = Buffer.from(lineOf(entry));
      head = entry;
    }
  };

  it("is green untouched, with the folder beside it and without", async () => {
    expect(await verified()).to.deep.include({ green: true, problems: [], executions: 2, lines: 36 });
    expect(await verified("/nowhere")).to.deep.include({ green: true, executions: 2, lines: 36 });
    expect(await verified(folder, "two")).to.deep.include({ green: true, executions: 1, lines: 20 });
  });

  /** Whether it shows from the bucket alone, or only beside the folder. */
  const tamperings: [string, () => unknown, file: string, RegExp, "alone" | "beside the folder"][] = [
    [
      "a word of a line is changed",
      () => change(one(3), (text) => text.replace('"look"', '"took"')),
      one(3),
      /was changed/,
      "alone",
    ],
    [
      "a line has another spelling",
      () => change(one(2), (text) => text.replace(",", ", ")),
      one(2),
      /spelled/,
      "alone",
    ],
    [
      "a signature is another",
      () => change(one(2), (text) => text.replace(/"signature":"[^"]{8}/, '"signature":"AAAAAAAA')),
      one(2),
      /not signed by the key/,
      "alone",
    ],
    [
      "an object loses its end",
      () => change(one(4), (text) => text.slice(0, 40)),
      one(4),
      /no entry/,
      "alone",
    ],
    [
      "an object holds a second line",
      () => change(one(4), (text) => text + text),
      one(4),
      /no entry/,
      "alone",
    ],
    ["an object is no text", () => hold(one(4), Buffer.from([0xff, 0x0a])), one(4), /no entry/, "alone"],
    [
      "a line in the middle is removed",
      () => bucket.remove(one(3)),
      one(3),
      /is missing, and there are lines behind/,
      "alone",
    ],
    [
      "the last lines are removed",
      () => [15, 16].map((seq) => bucket.remove(one(seq))),
      one(14),
      /cut back/,
      "alone",
    ],
    [
      "a whole record is removed",
      () => Array.from({ length: 16 }, (_, at) => bucket.remove(one(at + 1))),
      "runs/one/",
      /was removed: the index tells/,
      "alone",
    ],
    [
      "two lines change places",
      () => {
        const third = bucket.object(one(3)).bytes;
        bucket.object(one(3)).bytes = bucket.object(one(4)).bytes;
        bucket.object(one(4)).bytes = third;
      },
      one(3),
      /removed, added or moved/,
      "alone",
    ],
    [
      "a line of another record stands in",
      () => change(one(1), () => bucket.text(keyOf({ chain: "two", seq: 1 }))),
      one(1),
      /belongs to another record/,
      "alone",
    ],
    [
      "a line is written a second time, the first being locked",
      () => bucket.keep(one(3), Buffer.from("{}\n")),
      one(3),
      /written 2 times/,
      "alone",
    ],
    [
      "a line is hidden by a delete marker",
      () => bucket.keep(one(3), Buffer.of(), { isDeleteMarker: true, retention: null }),
      one(3),
      /delete marker hides it/,
      "alone",
    ],
    [
      "a line is hidden, and another written over it",
      () => {
        bucket.keep(one(3), Buffer.of(), { isDeleteMarker: true, retention: null });
        bucket.keep(one(3), Buffer.from("{}\n"));
      },
      one(3),
      /written 2 times/,
      "alone",
    ],
    ["a line is not locked", () => lock(one(5), null), one(5), /is not locked/, "alone"],
    [
      "a line is locked in a mode that can be bypassed",
      () => lock(one(5), { mode: "GOVERNANCE", until: 30 * DAY }),
      one(5),
      /mode GOVERNANCE/,
      "alone",
    ],
    [
      "a line is locked for a day only",
      () => lock(one(5), { mode: "COMPLIANCE", until: DAY }),
      one(5),
      /asks for longer/,
      "alone",
    ],
    [
      "an object is put there that is no line",
      () => bucket.keep("runs/one/notes.txt", Buffer.from("x")),
      "runs/one/notes.txt",
      /no line of a record/,
      "alone",
    ],
    [
      "a key has one digit too few",
      () => bucket.keep("runs/one/00017.json", Buffer.from("x")),
      "runs/one/00017.json",
      /no line of a record/,
      "alone",
    ],
    [
      "a record of one's own is put there",
      () => bucket.keep(keyOf({ chain: "three", seq: 1 }), bucket.object(one(1)).bytes),
      keyOf({ chain: "three", seq: 1 }),
      /belongs to another record/,
      "alone",
    ],
    [
      "the index is edited",
      () => change(index(2), (text) => text.replace('"ended"', '"stopped"')),
      index(2),
      /was changed/,
      "alone",
    ],
    [
      "the index is removed",
      () => [1, 2, 3, 4].map((seq) => bucket.remove(index(seq))),
      `runs/${INDEX}/`,
      /is missing, and there are records/,
      "alone",
    ],
    [
      "the end of an execution is taken off the index",
      () => bucket.remove(index(4)),
      keyOf({ chain: "two", seq: 16 }),
      /the index was cut back/,
      "alone",
    ],
    [
      "an execution is taken out of record and index",
      () => {
        for (const seq of [3, 4]) bucket.remove(index(seq));
        for (let seq = 1; seq <= 16; seq++) bucket.remove(keyOf({ chain: "two", seq }));
      },
      keyOf({ chain: "two", seq: 1 }),
      /is not there, of 16 lines/,
      "beside the folder",
    ],
    [
      "a record is written anew with another key",
      () => writeAnew("one", join(folder, "another.pem")),
      one(1),
      /not signed by the key/,
      "alone",
    ],
    [
      "a record is written anew with the stolen key",
      () => writeAnew("one", keyFileIn(folder)),
      one(16),
      /not the line that the index tells of/,
      "alone",
    ],
  ];

  for (const [what, tamper, file, told, from] of tamperings)
    it(`is red when ${what}`, async () => {
      await tamper();
      const [beside, alone] = await Promise.all([verified(), verified("/nowhere")]);
      expect(beside.green).to.equal(false);
      expect(alone.green, "from the bucket alone").to.equal(from === "beside the folder");
      const found = (from === "alone" ? alone : beside).problems.find(
        (problem) => problem.file === file && told.test(problem.what),
      );
      expect(found, JSON.stringify(beside.problems)).to.not.equal(undefined);
    });

  it("is red when the folder was altered, and the bucket was not", async () => {
    const altered = mkdtempSync(join(tmpdir(), "castle-altered-"));
    try {
      await recorded(altered, "one", 7);
      const { problems } = await verified(altered);
      expect(problems.map(({ what }) => what).join()).to.include("is not the line that the folder holds");
      expect(problems.map(({ what }) => what).join()).to.include("is not in the folder");
    } finally {
      rmSync(altered, { recursive: true });
    }
  });
});
