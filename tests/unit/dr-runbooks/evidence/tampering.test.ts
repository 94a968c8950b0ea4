import { copyFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  checkChain,
  entryOf,
  lineOf,
  nextEntry,
  rootOf,
  wholeLines,
} from "@castle/dr-runbooks/evidence/chain.ts";
import { examine } from "@castle/dr-runbooks/evidence/examine.ts";
import {
  keyFileIn,
  loadSigningKey,
  publicKeyFile,
  readPublicKey,
  type SigningKey,
} from "@castle/dr-runbooks/evidence/signing-key.ts";
import { expect } from "chai";
import fc from "fast-check";
import { scratchFolder } from "../engine/scratch.ts";
import { filesIn, recorded, verified } from "./recorded.ts";

const ONE = "one.jsonl";
const TWO = "two.jsonl";

describe("records of executions, altered", () => {
  const folder = scratchFolder();
  const { lines, write, path, index } = filesIn(folder);
  let original = "";
  before(async () => {
    original = mkdtempSync(join(tmpdir(), "castle-recorded-"));
    await recorded(original, "one");
    await recorded(original, "two", 2);
  });
  after(() => rmSync(original, { recursive: true, force: true }));
  beforeEach(() => cpSync(original, folder(), { recursive: true }));

  const edit = (file: string, change: (lines: string[]) => readonly string[]): void =>
    write(file, change(lines(file)));
  const changeLine = (file: string, number: number, change: (line: string) => string): void =>
    edit(file, (all) => all.map((line, at) => (at === number - 1 ? change(line) : line)));

  /** Writes a file anew, with every hash right, as somebody would who has a key. */
  const writeAnew = (file: string, id: string, key: SigningKey, change: (event: object) => unknown): void =>
    edit(file, (all) => {
      let head = rootOf(id);
      return all.map((line) => {
        const entry = nextEntry(id, head, change(entryOf(line)?.event as object), key);
        head = entry;
        return lineOf(entry).trimEnd();
      });
    });
  const anotherKey = (): Promise<SigningKey> => loadSigningKey(path("another.pem"));
  const ownKey = (): Promise<SigningKey> => loadSigningKey(keyFileIn(folder()));

  const tamperings: [string, () => unknown, file: string, line: number | null, RegExp][] = [
    [
      "a word of an event is changed",
      () => changeLine(ONE, 3, (line) => line.replace('"look"', '"took"')),
      ONE,
      3,
      /was changed/,
    ],
    [
      "a time is changed by a millisecond",
      () => changeLine(ONE, 2, (line) => line.replace(/"at":(\d+)/, (_, at) => `"at":${Number(at) + 1}`)),
      ONE,
      2,
      /was changed/,
    ],
    ["a space is added", () => changeLine(ONE, 2, (line) => line.replace(",", ", ")), ONE, 2, /spelled/],
    [
      "a member is added that nobody reads",
      () => changeLine(ONE, 2, (line) => line.replace('"event":{', '"event":{"aside":1,')),
      ONE,
      2,
      /was changed/,
    ],
    [
      "a signature is changed",
      () => changeLine(ONE, 2, (line) => line.replace(/"signature":"[^"]{8}/, '"signature":"AAAAAAAA')),
      ONE,
      2,
      /not signed by the key/,
    ],
    ["a line is removed", () => edit(ONE, (all) => all.toSpliced(3, 1)), ONE, 4, /removed, added or moved/],
    [
      "a line is written twice",
      () => edit(ONE, (all) => all.toSpliced(3, 0, all[2] ?? "")),
      ONE,
      4,
      /removed, added or moved/,
    ],
    [
      "two lines change places",
      () => edit(ONE, (all) => all.toSpliced(3, 2, all[4] ?? "", all[3] ?? "")),
      ONE,
      4,
      /removed, added or moved/,
    ],
    [
      "a line of one's own is put in",
      () => edit(ONE, (all) => all.toSpliced(3, 0, '{"kind":"stopped"}')),
      ONE,
      4,
      /no entry/,
    ],
    [
      "a line in the middle is torn",
      () => changeLine(ONE, 4, (line) => line.slice(0, 40)),
      ONE,
      4,
      /no entry/,
    ],
    ["its last lines are cut off", () => edit(ONE, (all) => all.slice(0, -2)), ONE, 14, /cut back/],
    [
      "its last line is torn, though it had ended",
      () => writeFileSync(path(ONE), lines(ONE).join("\n")),
      ONE,
      15,
      /cut back/,
    ],
    ["all of it is cut off", () => write(ONE, []), ONE, null, /cut back/],
    [
      "a line is added behind its end, signed",
      async () => {
        const key = await ownKey();
        edit(ONE, (all) => {
          const { head } = checkChain("one", all, null);
          return [
            ...all,
            lineOf(nextEntry("one", head, { kind: "step-undone", at: 9, step: "x" }, key)).trimEnd(),
          ];
        });
      },
      ONE,
      17,
      /behind the end/,
    ],
    [
      "two records change places",
      () => {
        renameSync(path(ONE), path("aside"));
        renameSync(path(TWO), path(ONE));
        renameSync(path("aside"), path(TWO));
      },
      ONE,
      1,
      /another record/,
    ],
    ["a record is removed", () => rmSync(path(ONE)), ONE, null, /was removed/],
    [
      "a record is copied under another name",
      () => copyFileSync(path(ONE), path("three.jsonl")),
      "three.jsonl",
      1,
      /another record/,
    ],
    [
      "a record is written anew with another key",
      async () => {
        const key = await anotherKey();
        writeAnew(ONE, "one", key, (event) => event);
      },
      ONE,
      1,
      /not signed by the key/,
    ],
    [
      "a record is written anew with the stolen key",
      async () => {
        const key = await ownKey();
        writeAnew(ONE, "one", key, (event) => ("ms" in event ? { ...event, ms: 1 } : { ...event, at: 7 }));
      },
      ONE,
      1,
      /not the line that the index tells of/,
    ],
    [
      "the public key is replaced",
      async () => {
        await anotherKey();
        copyFileSync(publicKeyFile(path("another.pem")), publicKeyFile(keyFileIn(folder())));
      },
      index,
      1,
      /not signed by the key/,
    ],
    [
      "the key is replaced, and the index begins with another",
      async () => {
        const key = await anotherKey();
        writeAnew(index, index, key, (event) => event);
        copyFileSync(publicKeyFile(path("another.pem")), publicKeyFile(keyFileIn(folder())));
      },
      index,
      1,
      /names the key/,
    ],
    ["the public key is removed", () => rmSync(publicKeyFile(keyFileIn(folder()))), "", null, /is missing/],
    [
      "the index is edited",
      () => changeLine(index, 2, (line) => line.replace('"ended"', '"stopped"')),
      index,
      2,
      /was changed/,
    ],
    ["a line of the index is removed", () => edit(index, (all) => all.slice(1)), index, 1, /removed, added/],
    [
      "the end of the last execution is cut off the index",
      () => edit(index, (all) => all.slice(0, -1)),
      TWO,
      16,
      /the index was cut back/,
    ],
    [
      "a whole execution is cut off the index",
      () => edit(index, (all) => all.slice(0, -2)),
      TWO,
      null,
      /not in the index/,
    ],
    ["the index is removed", () => rmSync(path(index)), index, null, /is missing, and there are records/],
  ];

  for (const [what, tamper, file, line, told] of tamperings)
    it(`are red when ${what}`, async () => {
      expect((await verified(folder())).problems, "untouched").to.deep.equal([]);
      await tamper();
      const { green, problems } = await verified(folder());
      expect(green).to.equal(false);
      const found = problems.find((problem) => problem.file.endsWith(file) && told.test(problem.what));
      expect(found, JSON.stringify(problems)).to.include({ line });
    });

  it("are red when any one byte is another, anywhere in a record or in the index", async () => {
    rmSync(path(TWO));
    edit(index, (all) => all.slice(0, 2));
    const key = await readPublicKey(publicKeyFile(keyFileIn(folder())));
    const files = { [ONE]: readFileSync(path(ONE)), [index]: readFileSync(path(index)) };
    const problems = (of: typeof files) =>
      examine(
        {
          index: wholeLines(of[index] ?? Buffer.of()).whole,
          records: new Map([["one", wholeLines(of[ONE] ?? Buffer.of()).whole]]),
          locked: new Set(),
        },
        { key },
      ).problems;
    expect(problems(files)).to.deep.equal([]);
    const place = fc
      .constantFrom(ONE, index)
      .chain((file) => fc.tuple(fc.constant(file), fc.nat((files[file]?.length ?? 1) - 1)));
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), ([file, at], change) => {
        const altered = Buffer.from(files[file] ?? Buffer.of());
        altered[at] = (altered[at] ?? 0) ^ change;
        expect(problems({ ...files, [file]: altered })).to.not.be.empty;
      }),
      { numRuns: 150, examples: lastOfSignatures(files[ONE] ?? Buffer.of()) },
    );
  });

  /** The last letter of a signature (A, Q, g or w) holds bits that count for nothing: B, S, i and x decode alike. */
  const lastOfSignatures = (record: Buffer): [[string, number], number][] =>
    [2, 3, 14, 15].map((change) => [[ONE, record.indexOf('"}\n') - 1], change]);

  describe("by somebody who has the key, and leaves everything consistent,", () => {
    it("are red for whoever kept the public key, when they are signed with another", async () => {
      copyFileSync(publicKeyFile(keyFileIn(folder())), path("kept.pem"));
      const key = await anotherKey();
      const own = async (file: string, id: string): Promise<void> => {
        writeAnew(file, id, key, (event) => ("key" in event ? { ...event, key: key.fingerprint } : event));
      };
      await own(ONE, "one");
      await own(TWO, "two");
      const heads = new Map(
        [ONE, TWO].map((file) => [file.slice(0, 3), lines(file).map((line) => entryOf(line)?.hash)]),
      );
      writeAnew(index, index, key, (event) => {
        const { id, lines: length } = event as { id: string; lines: number };
        return { ...event, key: key.fingerprint, head: heads.get(id)?.[length - 1] };
      });
      copyFileSync(publicKeyFile(path("another.pem")), publicKeyFile(keyFileIn(folder())));
      expect((await verified(folder())).problems, "nothing here tells").to.deep.equal([]);
      const { problems } = await verified(folder(), { publicKey: path("kept.pem") });
      expect(problems.map(({ file, line }) => [file, line])).to.deep.include([index, 1]);
    });

    it("are red for whoever noted the head, when the last execution is taken out of record and index", async () => {
      const { head } = await verified(folder());
      rmSync(path(TWO));
      edit(index, (all) => all.slice(0, -2));
      expect((await verified(folder())).green, "nothing here tells").to.equal(true);
      const { problems } = await verified(folder(), { notedHead: head ?? "" });
      expect(problems).to.have.length(1);
      expect(problems[0]?.what).to.match(/does not hold the head that was noted/);
    });
  });

  it("are looked at one by one, too", async () => {
    changeLine(ONE, 3, (line) => line.replace('"look"', '"took"'));
    expect((await verified(folder(), { only: "one" })).green).to.equal(false);
    expect(await verified(folder(), { only: "two" })).to.include({ green: true, executions: 1 });
  });
});
