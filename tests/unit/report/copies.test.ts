import { linesOf } from "@castle/dr-runbooks/evidence/bucket/copy.ts";
import { keyOf } from "@castle/dr-runbooks/evidence/bucket/place.ts";
import { copyOf } from "@castle/dr-runbooks/report/execution/copies.ts";
import { expect } from "chai";

const ID = "failover-2-x";
const LINES = ["one", "two", "three"];
const bucket = { region: "eu-central-1", name: "evidence-c" } as const;

const stored = (lines: readonly string[], retention: { mode: string; until: number } | null) => ({
  bucket: bucket.name,
  objects: lines.map((line, at) => ({
    ...{ key: keyOf({ chain: ID, seq: at + 1 }), versionId: `v${at}`, isDeleteMarker: false },
    ...{ writtenAt: at, size: line.length + 1 },
    content: {
      bytes: Buffer.from(`${line}\n`),
      retention: retention && { ...retention, until: retention.until - at },
    },
  })),
});
const locked = { mode: "COMPLIANCE", until: 5_000 };

describe("the copy of a record, as its report tells it", () => {
  it("is complete when every line is there, and locked until the first lock ends", () => {
    const copy = stored(LINES, locked);
    expect(linesOf(copy).get(ID)).to.deep.equal(LINES);
    expect(copyOf(bucket, ID, copy, LINES)).to.deep.equal({
      ...{ region: "eu-central-1", bucket: "evidence-c", lines: 3, of: 3, complete: true },
      ...{ lockedUntil: 4_998, modes: ["COMPLIANCE"], problem: null },
    });
  });

  it("is not complete while a line is missing, or when nothing is there", () => {
    expect(copyOf(bucket, ID, stored(LINES.slice(0, 2), locked), LINES)).to.include({
      lines: 2,
      complete: false,
    });
    expect(copyOf(bucket, ID, stored([], locked), LINES)).to.include({
      ...{ lines: 0, complete: false, lockedUntil: null },
    });
  });

  it("is not complete when another line is there, which it names", () => {
    const copy = copyOf(bucket, ID, stored(["one", "other", "three"], locked), LINES);
    expect(copy).to.include({ complete: false, problem: "line 2 is not the line that the folder holds" });
  });

  it("is not locked when one of its lines is not", () => {
    const { objects, ...rest } = stored(LINES, locked);
    const [first, ...others] = objects;
    const open = first ? [{ ...first, content: { ...first.content, retention: null } }] : [];
    const copy = copyOf(bucket, ID, { ...rest, objects: [...open, ...others] }, LINES);
    expect(copy).to.deep.include({ complete: true, lockedUntil: null, modes: ["COMPLIANCE", "none"] });
  });
});
