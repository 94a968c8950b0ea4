import { until } from "@castle/lab/processes/until.ts";
import { peerOf, type RegionName } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { type BareCells, startBareCells } from "./support/bare-cells.ts";

describe("the global database on real servers", () => {
  let cells: BareCells;
  /** As each test finds them: up, the reader streaming from the writer, the table empty. */
  let writer: RegionName;
  let reader: RegionName;

  before(async () => {
    cells = await startBareCells();
  });
  after(() => cells.down());
  beforeEach(async () => {
    writer = cells.database.writer;
    reader = peerOf(writer);
    await reads(reader);
    await cells.clear();
    await holds(reader, []);
  });

  const holds = (region: RegionName, texts: readonly string[]): Promise<void> =>
    until(async () => JSON.stringify(await cells.read(region)) === JSON.stringify(texts), {
      ...{ what: `the database in ${region} to hold ${texts.join(", ")}`, withinMs: 60_000 },
    });

  const reads = (region: RegionName): Promise<void> =>
    until(() => cells.database.server(region).follows(cells.database.server(cells.database.writer)), {
      ...{ what: `the database in ${region} to stream`, withinMs: 60_000 },
    });

  it("promotes the reader when the writer's region is killed, and takes the old writer back rewound", async () => {
    await cells.write(writer, "before");
    await holds(reader, ["before"]);
    await cells.link.cut();
    await cells.write(writer, "never sent");
    await cells.regions.in(writer).kill();
    await cells.link.heal();
    expect(cells.database.server(writer).daemon.state).to.equal("stopped");

    await cells.database.failover(reader);
    expect(cells.database.writer).to.equal(reader);
    await cells.write(reader, "after");
    await cells.regions.in(writer).restore();
    await holds(writer, ["before", "after"]);
    expect(cells.notes.join("\n")).to.contain("rejoined").and.not.contain("rebuilt");
    const refusal = await cells.write(writer, "by a reader").catch((error: Error) => error.message);
    expect(refusal).to.contain("read-only");
  });

  it("leaves a frozen writer a writer for a while once thawed, then takes it back", async () => {
    await cells.write(writer, "before");
    await holds(reader, ["before"]);
    await cells.regions.in(writer).freeze();
    await cells.database.failover(reader);
    await cells.write(reader, "after");
    // Sent before it wakes up: on a busy machine it may not believe in itself for long enough to be asked then.
    const byZombie = cells.write(writer, "by a zombie");
    await cells.regions.in(writer).thaw();
    await byZombie;
    await reads(writer);
    await holds(writer, ["before", "after"]);
  });

  it("hands over and back without losing a row, and without rebuilding", async () => {
    const noted = cells.notes.length;
    await cells.write(writer, "one");
    await cells.database.switchover(reader);
    expect(cells.database.writer).to.equal(reader);
    await cells.write(reader, "two");
    await cells.database.switchover(writer);
    await cells.write(writer, "three");
    await holds(reader, ["one", "two", "three"]);
    const notes = cells.notes.slice(noted);
    expect(notes).to.have.length(2);
    for (const note of notes)
      expect(note).to.match(/stopped in \d+ ms, its log replayed in \d+ ms, promoted in \d+ ms$/);
  });

  it("refuses a switchover that would lose something, and leaves the writer a writer", async () => {
    await cells.link.stall("replication");
    await cells.write(writer, "on one side only");
    const refusal = await cells.database.switchover(reader).catch((error: Error) => error.message);
    expect(refusal).to.contain("would lose");
    expect(cells.database.writer).to.equal(writer);
    await cells.write(writer, "still a writer");
    await cells.link.resume("replication");
    await holds(reader, ["on one side only", "still a writer"]);
  });

  it("does not promote a database that is down, frozen, or has a history of its own", async () => {
    const refusal = (): Promise<string> =>
      cells.database.failover(reader).then(
        () => "promoted",
        (error: Error) => error.message,
      );
    await cells.regions.in(reader).freeze();
    expect(await refusal()).to.contain("does not run");
    await cells.regions.in(reader).thaw();
    await cells.regions.in(reader).kill();
    expect(await refusal()).to.contain("does not run");
    await cells.regions.in(reader).restore();

    await cells.link.cut();
    await cells.database.failover(reader);
    const zombie = await cells.database.failover(writer).catch((error: Error) => error.message);
    expect(zombie).to.contain("has not rejoined yet");
    expect(cells.database.writer).to.equal(reader);
    await cells.link.heal();
  });

  it("restarts a server that crashed, with its data", async () => {
    await cells.write(writer, "before");
    const database = cells.regions.in(writer).process("database");
    const restarts = database.restarts;
    await database.kill();
    await until(() => database.restarts > restarts, {
      ...{ what: "the database to be restarted", withinMs: 60_000 },
    });
    expect(await cells.read(writer)).to.deep.equal(["before"]);
    await cells.write(writer, "after");
    await holds(reader, ["before", "after"]);
  });

  it("rebuilds a reader whose folder is good for nothing", async () => {
    await cells.write(writer, "before");
    await cells.regions.in(reader).kill();
    cells.database.server(reader).spoil();
    await cells.regions.in(reader).restore();
    await holds(reader, ["before"]);
  });
});
