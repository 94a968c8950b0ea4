import { epoch } from "@castle/regions/epoch.ts";
import { type WitnessChange, WitnessRefused } from "@castle/regions/witness/record.ts";
import { expect } from "chai";
import { first, LossyPath, WitnessServer } from "./witness-server.ts";

const ROUNDS = 30;

describe("two who ask the witness at the same moment", () => {
  let server: WitnessServer;
  let path: LossyPath;
  before(async () => {
    server = await WitnessServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    path = await LossyPath.to(server.endpoint);
  });
  afterEach(() => path.close());

  /** How often a record was about to be replaced: more often than it was, when the askers did race. */
  const writesTried = (): number => path.seen.filter((operation) => operation === "PutItem").length;

  const handOver = (by: string): WitnessChange => ({
    kind: "hand-over",
    to: "eu-central-1",
    from: epoch(1),
    by,
    consentToLoss: false,
  });
  const goSolo: WitnessChange = { kind: "go-solo", region: "eu-west-1", epoch: epoch(1), by: "the gateway" };

  /** Lets all ask at once. @returns who was granted, after checking that everyone else was refused by name. */
  async function race(table: string, changes: readonly WitnessChange[]): Promise<WitnessChange[]> {
    const asked = await Promise.allSettled(
      changes.map((change) => server.witness(table, path.endpoint).change(change)),
    );
    const granted: WitnessChange[] = [];
    asked.forEach((answer, index) => {
      const change = changes[index];
      if (answer.status === "rejected") expect(answer.reason).to.be.instanceOf(WitnessRefused);
      else if (change) granted.push(change);
    });
    return granted;
  }

  it(`grants exactly one of two operators' handovers, in each of ${ROUNDS} rounds`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { table, witness } = await server.holding(first("paired"));
      const granted = await race(table, [handOver("operator 1"), handOver("operator 2")]);
      expect(granted).to.have.length(1);
      expect(await witness.read()).to.deep.equal({
        epoch: 2,
        activeRegion: "eu-central-1",
        mode: "solo",
        changedBy: granted[0]?.by,
      });
    }
    expect(writesTried(), "the two never met").to.be.greaterThan(ROUNDS);
  });

  it(`grants either the cell's solo or the operator's handover, never both, in each of ${ROUNDS} rounds`, async () => {
    const winners = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const { table, witness } = await server.holding(first("paired"));
      const changes = [handOver("operator"), goSolo];
      const granted = await race(table, round % 2 ? changes : changes.reverse());
      expect(granted).to.have.length(1);
      const solo = granted[0]?.kind === "go-solo";
      expect(await witness.read()).to.deep.equal({
        epoch: solo ? 1 : 2,
        activeRegion: solo ? "eu-west-1" : "eu-central-1",
        mode: "solo",
        changedBy: granted[0]?.by,
      });
      winners.add(granted[0]?.kind ?? "");
    }
    expect(writesTried(), "the two never met").to.be.greaterThan(ROUNDS);
    expect([...winners]).to.have.members(["go-solo", "hand-over"]);
  });

  it("lets every gateway of a cell ask for solo, and makes one change of it", async () => {
    const { table, witness } = await server.holding(first("paired"));
    const granted = await race(
      table,
      ["a", "b", "c", "d"].map((by) => ({ ...goSolo, by })),
    );
    expect(granted).to.have.length(1);
    expect((await witness.inspect()).revision).to.equal(2);
  });
});
