import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allRecords } from "@castle/lab/traders/json-lines.ts";
import { RecordWriter } from "@castle/lab/traders/record-writer.ts";
import { recordFiles, type ToldDepthEvent } from "@castle/lab/traders/records.ts";
import { expect } from "chai";

describe("the traders' records", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "castle-records-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const event = (u: number): ToldDepthEvent => ({
    t: 1,
    symbol: "BTCUSDT",
    connection: 1,
    U: u,
    u,
    b: [],
    a: [],
  });

  const written = async (count: number): Promise<ToldDepthEvent[]> => {
    const events = Array.from({ length: count }, (_, index) => event(index + 1));
    const writer = new RecordWriter(folder);
    for (const one of events) writer.write("depthEvents", one);
    await writer.close();
    return events;
  };

  it("are read as they were written, in order, over many chunks", async () => {
    const events = await written(20_000);
    expect(await allRecords(folder, "depthEvents")).to.deep.equal(events);
    expect(await allRecords(folder, "fills")).to.deep.equal([]);
  });

  it("may end in a line cut short: it is left out", async () => {
    const events = await written(3);
    await appendFile(join(folder, recordFiles.depthEvents), '{"t":1,"symb');
    expect(await allRecords(folder, "depthEvents")).to.deep.equal(events);
  });

  it("are damaged when any other line is no JSON, and the error says where", async () => {
    await written(3);
    await appendFile(join(folder, recordFiles.depthEvents), '{"t":1,"symb\n{}\n');
    const error = await allRecords(folder, "depthEvents").then(
      () => null,
      (caught: unknown) => String(caught),
    );
    expect(error).to.match(/depth-events\.jsonl, line 4 is not JSON/);
  });
});
