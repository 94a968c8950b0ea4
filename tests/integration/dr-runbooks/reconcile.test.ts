import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { keyFileIn, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { verifyEvidence } from "@castle/dr-runbooks/evidence/verify.ts";
import { Ledger } from "@castle/dr-runbooks/reconcile/ledger.ts";
import { reconcile } from "@castle/dr-runbooks/reconcile/reconcile.ts";
import { jsonOf } from "@castle/dr-runbooks/reconcile/tell.ts";
import { readReport } from "@castle/dr-runbooks/report/execution/read.ts";
import { executionReportSchema } from "@castle/dr-runbooks/report/execution/report.ts";
import { expect } from "chai";
import type { Knex } from "knex";
import { castle } from "./support/castle.ts";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";
import { ACCOUNT, trade } from "./support/trade.ts";

interface Line {
  readonly kind: string;
  readonly [more: string]: unknown;
}

describe("reconciling an old writer with the surviving ledger", () => {
  let rig: HandoverRig;
  let old: Knex;
  let survivor: Knex;
  before(async () => {
    // HOME holds the role, so its database is the surviving ledger; the other one is the old writer.
    rig = await HandoverRig.start({ home: "alive" });
    old = rig.peer.database;
    survivor = rig.home?.database ?? expect.fail("HOME is lost");
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    for (const db of [old, survivor]) {
      await trade(db, 1, 105); // more than one block
      await db.raw("update progress set applied_seq = 105 where stream = 'BTCUSDT'");
    }
  });

  const command = (...more: string[]) =>
    castle(
      ["reconcile", "--old-writer", rig.peer.servers.databaseUrl, "--target", rig.targetFile(), ...more],
      rig.folder(),
    );
  const lines = (text: string): Line[] =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  /** The same as the command does, in this process: the differences, and the summary, as the JSON tells them. */
  async function found(): Promise<{ differences: Line[]; summary: Line }> {
    const ledgers = await Promise.all(
      [rig.peer.servers, rig.home?.servers].map((servers) => Ledger.open(servers?.databaseUrl ?? "")),
    );
    const differences: Line[] = [];
    try {
      const [oldWriter, surviving] = ledgers;
      if (!oldWriter || !surviving) return expect.fail("a ledger is missing");
      const result = await reconcile(oldWriter, surviving, async (difference) => {
        differences.push(JSON.parse(JSON.stringify(difference)));
      });
      return { differences, summary: JSON.parse(JSON.stringify(jsonOf(result))) };
    } finally {
      await Promise.all(ledgers.map((ledger) => ledger.close()));
    }
  }

  it("finds nothing in two that are the same, and exits with 0", async () => {
    const { code, out } = await command();
    expect(out).to.contain("nothing differs");
    expect(out).to.match(/BTCUSDT +the same up to 105, where the old writer ends/);
    expect(code).to.equal(0);
  });

  it("finds nothing in what the survivor alone has done since", async () => {
    await trade(survivor, 106, 230, "later");
    const { differences, summary } = await found();
    expect(differences).to.deep.equal([]);
    expect(summary.streams).to.deep.include({
      ...{ stream: "BTCUSDT", oldEnd: 105, survivorEnd: 230, lastCommon: 105 },
    });
  });

  it("tells a tail command by command, what stands in its place, and where its client tried again", async () => {
    await trade(old, 106, 108);
    await trade(survivor, 106, 106, "other");
    await trade(survivor, 107, 107, "c10"); // the client id of 107 at its own place: another command
    await survivor.raw("update command set client_id = 'c108' where stream = 'BTCUSDT' and seq = 106");
    const { differences, summary } = await found();
    const commands = differences.filter(({ kind }) => kind === "command");
    expect(commands.map(({ seq, holds }) => [seq, holds])).to.deep.equal([
      [106, "only-old-writer"],
      [107, "only-old-writer"],
      [108, "only-old-writer"],
    ]);
    expect(commands[0]?.command).to.include({ account_id: `${ACCOUNT}`, client_id: "c106" });
    expect(commands[0]).to.have.nested.property("there.client_id", "c108");
    expect(commands[0]).to.have.property("elsewhere", null);
    expect(commands[1]).to.have.nested.property("there.client_id", "c10107");
    expect(commands[2]).to.include({ there: null });
    expect(commands[2]?.elsewhere).to.deep.equal({ stream: "BTCUSDT", seq: 106, sameBody: false });
    // Of each: four postings, an outcome, a trade; and no balance that the postings do not explain.
    expect(summary.found).to.deep.equal({ command: 3, outcome: 3, posting: 12, trade: 3, balance: 0 });
    expect(summary.streams).to.deep.include({
      ...{ stream: "BTCUSDT", oldEnd: 108, survivorEnd: 107, lastCommon: 105 },
    });
    expect(summary.accounts).to.deep.include({
      ...{
        accountId: 8,
        asset: "USDT",
        oldFree: "300",
        oldLocked: "0",
        survivorFree: "0",
        survivorLocked: "0",
      },
    });
  });

  const planted: [kind: string, sql: string][] = [
    ["outcome", "update outcome set body = 'told otherwise' where stream = 'BTCUSDT' and seq = 50"],
    ["outcome", "delete from outcome where stream = 'BTCUSDT' and seq = 101"],
    ["trade", "update trade set price = 2 where symbol = 'BTCUSDT' and seq = 100"],
    ["posting", "update posting set account_id = 8 where stream = 'BTCUSDT' and seq = 3 and leg = 0"],
    ["balance", "update balance set free = free + 1 where account_id = 8"],
  ];
  for (const [kind, sql] of planted)
    for (const side of ["the old writer", "the survivor"])
      it(`tells the one ${kind} that was changed in ${side}: ${sql}`, async () => {
        await (side === "the survivor" ? survivor : old).raw(sql);
        const { differences, summary } = await found();
        const unexplained = kind === "posting" ? ["balance", "balance"] : [];
        expect(differences.map((difference) => difference.kind)).to.deep.equal([kind, ...unexplained]);
        expect(summary).to.have.property("differs", true);
      });

  it("writes the differences to a new file, and the summary in words", async () => {
    await trade(old, 106, 106);
    const out = join(rig.folder(), "tail.jsonl");
    const told = await command("--out", out);
    expect(told.code).to.equal(1);
    expect(told.out).to.contain("then the histories part: the old writer ends at 106");
    expect(lines(readFileSync(out, "utf8")).map(({ kind }) => kind)).to.include.members([
      "command",
      "summary",
    ]);
    const again = await command("--out", out);
    expect(again.code, "it writes over nothing").to.equal(2);
  });

  describe("and what it found,", () => {
    /** As a failover out of epoch 1 leaves it, to whose loss somebody consented. */
    async function failoverOnRecord(): Promise<string> {
      const id = "failover-2-eu-west-1-20260102T030405-abcdef";
      const first = { kind: "started", at: 1_000, id, runbook: "failover" } as const;
      const plan = { kind: "failover", from: PEER, to: HOME, epoch: 2, consentToLoss: true, continues: null };
      const digest = "c".repeat(64);
      const asked = { approval: "consent-to-loss", figures: ["solo"], digest, until: 9_000 };
      const by = { user: "ada", host: "ops-1", pid: 7 };
      const record = await ExecutionRecord.create(rig.target.runsFolder, { ...first, plan });
      const done = (step: string): ExecutionEvent => ({
        ...{ kind: "step-done", at: 2_000, step, how: "done", ms: 1 },
      });
      const { until: _, ...given } = asked;
      for (const event of [
        { kind: "approval-asked", at: 1_100, purpose: "", measuredAt: 1_050, ...asked },
        { kind: "approval-given", at: 1_200, how: "terminal", by, until: 9_000, ...given },
        ...["take-the-role", "open"].map(done),
        { kind: "finished", at: 3_000, outcome: "done" },
      ] as const)
        await record.append(event, { durable: true });
      await record.close();
      return id;
    }

    const reportOf = async (id: string) => readReport({ target: rig.target, id });

    it("is recorded, signed, and told by the report of the handover that ended the old writer's epoch", async () => {
      const id = await failoverOnRecord();
      expect((await reportOf(id)).recoveryPoint).to.include({ how: "unknown", lost: null });
      await trade(old, 106, 108);
      const { code, errors } = await command();
      expect(code).to.equal(1);
      expect(errors).to.contain(`of ${id}`);
      const report = await reportOf(id);
      expect(report.recoveryPoint).to.include({ how: "measured", lost: 3 });
      expect(executionReportSchema.safeParse(report).error).to.equal(undefined);
      const folder = rig.target.runsFolder;
      const publicKey = publicKeyFile(keyFileIn(folder));
      expect((await verifyEvidence({ folder, publicKey })).problems.map(({ what }) => what)).to.deep.equal([
        // Made up here, in the record of the failover.
        "asks about other figures than its digest",
      ]);
    });

    it("counts for nothing once its record was altered", async () => {
      const id = await failoverOnRecord();
      await trade(old, 106, 108);
      await command();
      const { runsFolder } = rig.target;
      const [name = ""] = readdirSync(runsFolder).filter((file) => file.startsWith("reconcile-"));
      const path = join(runsFolder, name);
      const altered = readFileSync(path, "utf8").replace('"commands":3', '"commands":0');
      writeFileSync(path, altered);
      const { evidence, verdict } = await reportOf(id);
      expect(evidence.problems.filter((problem) => problem.startsWith(name))).to.have.length(1);
      expect(verdict).to.match(/^The record was altered/);
    });

    it("is of no handover where none ended that epoch, unless somebody names one", async () => {
      const { errors } = await command();
      expect(errors).to.contain("no handover on record ended epoch 1");
      const id = await failoverOnRecord();
      await rig.peer.database.raw("update command set epoch = 9");
      expect((await command()).errors).to.contain("ended epoch 9");
      expect((await reportOf(id)).recoveryPoint).to.include({ how: "unknown" });
      expect((await command("--of", id)).errors).to.contain(`of ${id}`);
      expect((await reportOf(id)).recoveryPoint).to.include({ how: "measured" });
    });
  });

  it("tells each command in words, or as a line of JSON", async () => {
    await trade(old, 106, 106);
    const json = await command("--json");
    expect(json.code).to.equal(1);
    expect(lines(json.out).filter(({ kind }) => kind === "command")).to.have.length(1);
    const { out } = await command();
    expect(out).to.match(/BTCUSDT 106: place "c106" of account 7 .* old writer alone; its place is free/);
  });

  describe("reads, and does nothing else:", () => {
    it("a session that could write is none of its", async () => {
      const url = `${rig.peer.servers.databaseUrl}?options=-c%20default_transaction_read_only%3Doff`;
      const ledger = await Ledger.open(url);
      try {
        expect(await ledger.settings()).to.deep.equal({
          ...{ transaction_read_only: "on", transaction_isolation: "repeatable read" },
          statement_timeout: "10min",
        });
      } finally {
        await ledger.close();
      }
    });
  });

  describe("exits with 2, and tells no password,", () => {
    const refused = async (url: string) => {
      const { code, out, errors } = await castle(
        ["reconcile", "--old-writer", url, "--target", rig.targetFile()],
        rig.folder(),
      );
      expect(code).to.equal(2);
      expect(out + errors).to.not.contain("hunter2");
      return errors;
    };

    it("given what is no URL of a database", async () => {
      expect(await refused("mysql://castle:hunter2@somewhere/castle")).to.contain("takes postgres://");
      expect(await refused("castle:hunter2")).to.contain("takes postgres://");
    });

    it("where nobody answers", async () => {
      expect(await refused("postgres://castle:hunter2@127.0.0.1:1/castle")).to.contain("127.0.0.1:1/castle");
    });

    it("where the password is wrong", async () => {
      const url = new URL(rig.peer.servers.databaseUrl);
      url.password = "hunter2";
      expect(await refused(url.href)).to.contain("cannot be read");
    });

    it("given the survivor itself, in which nothing can differ", async () => {
      const { code, errors } = await castle(
        ["reconcile", "--old-writer", rig.home?.servers.databaseUrl ?? "", "--target", rig.targetFile()],
        rig.folder(),
      );
      expect({ code, errors }).to.have.property("code", 2);
      expect(errors).to.contain("leads to the surviving database itself");
    });
  });
});
