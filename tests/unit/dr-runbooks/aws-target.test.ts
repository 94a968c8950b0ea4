import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callerOf } from "@castle/dr-runbooks/aws/caller.ts";
import { loginOf } from "@castle/dr-runbooks/aws/login.ts";
import { Cell } from "@castle/dr-runbooks/cells/cell.ts";
import { requireCredentials } from "@castle/dr-runbooks/cells/credentials.ts";
import { databasePlace } from "@castle/dr-runbooks/cells/database-place.ts";
import { tellTarget, withoutPasswords } from "@castle/dr-runbooks/cli/tell-target.ts";
import type { AwsClients } from "@castle/dr-runbooks/clients.ts";
import { judgeReach } from "@castle/dr-runbooks/readiness/checks/runner-reach.ts";
import { awsTarget, type CellLogins } from "@castle/dr-runbooks/stack/aws-target.ts";
import { castleOf } from "@castle/dr-runbooks/stack/find-outputs.ts";
import { openCastle } from "@castle/dr-runbooks/stack/open-castle.ts";
import { saveOutputs } from "@castle/dr-runbooks/stack/saved-outputs.ts";
import { type Target, targetSchema } from "@castle/dr-runbooks/target.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { rejection } from "../../integration/dr-runbooks/support/rejection.ts";
import { stacksOfTests } from "./support/outputs-of-tests.ts";
import { labTarget } from "./target-of-tests.ts";

const login = { username: "operator", password: "p/w:@d" };
const logins: CellLogins = { database: login, journal: login, cache: { password: "p/w:@d" } };

const target = (change: Partial<Parameters<typeof awsTarget>[0]> = {}): Target =>
  awsTarget({
    outputs: castleOf("prd", stacksOfTests()),
    logins: { "eu-west-1": logins, "eu-central-1": logins },
    folder: "/var/castle",
    databaseCa: "/var/castle/database ca.pem",
    ...change,
  });

describe("a target on AWS, made of outputs", () => {
  it("reaches databases over TLS, vouched for by name, with the password as it is", () => {
    const url = new URL(target().cells["eu-central-1"].databaseUrl);
    expect(url.host).to.equal("castle.cluster-abc.eu-central-1.rds.amazonaws.com:5432");
    expect(decodeURIComponent(url.password)).to.equal(login.password);
    expect(Object.fromEntries(url.searchParams)).to.deep.equal({
      sslmode: "verify-full",
      sslrootcert: "/var/castle/database ca.pem",
    });
  });

  it("reaches caches over TLS, with a password alone where there are no users", () => {
    const { protocol, username } = new URL(target().cells["eu-west-1"].redisUrl);
    expect({ protocol, username }).to.deep.equal({ protocol: "rediss:", username: "" });
  });

  it("finds its witness by ARN, in the region that stands there, at no endpoint", () => {
    const { witness, awsEndpoint } = target();
    expect(witness).to.deep.equal({
      table: "arn:aws:dynamodb:eu-west-3:123456789012:table/castle-witness",
      region: "eu-west-3",
    });
    expect(awsEndpoint).to.equal(undefined);
  });

  it("names what readiness looks at, what handovers keep to, and where records are", () => {
    const { readiness, objectives, runsFolder } = target();
    expect(readiness).to.deep.include({
      ...{ repositories: ["castle/order-gateway"], certificates: ["trade.example.com"] },
    });
    expect(objectives).to.deep.equal({ recoveryTimeSeconds: 300, recoveryPointCommands: 0 });
    expect(runsFolder).to.equal("/var/castle/runs");
  });

  it("leads each cell to its own region", () => {
    expect(judgeReach(target())).to.include({ outcome: "holds" });
  });

  it("is shown without a password", () => {
    const shown = withoutPasswords(target());
    for (const text of [JSON.stringify(shown), tellTarget(shown).join("\n")])
      for (const secret of [login.password, encodeURIComponent(login.password), "operator:"])
        expect(text).not.to.contain(secret);
  });

  it("leads to this machine nowhere, and without TLS nowhere", () => {
    const { "eu-west-1": home, ...others } = target().cells;
    const changed = (change: Partial<typeof home>): string =>
      String(
        targetSchema.safeParse({ ...target(), cells: { ...others, "eu-west-1": { ...home, ...change } } })
          .error,
      );
    expect(changed({ journalUrl: "postgres://localhost/journal?sslmode=verify-full" })).to.contain(
      "this machine is no part of a Castle on AWS",
    );
    expect(changed({ redisUrl: "redis://cache.example.com" })).to.contain("over TLS");
    expect(changed({ databaseUrl: "postgres://db.example.com/castle?sslmode=require" })).to.contain(
      "over TLS",
    );
  });

  it("is no lab: a lab's servers are on this machine", () => {
    const { cells } = target();
    expect(String(targetSchema.safeParse(labTarget({ cells })).error)).to.contain(
      "a lab's servers must be on loopback",
    );
  });
});

describe("a cell whose credentials cannot be had", () => {
  const withheld = "the credentials of eu-west-1 cannot be read: no answer";
  const cell = new Cell(
    "eu-west-1",
    target({ logins: { "eu-west-1": { withheld }, "eu-central-1": logins } }).cells["eu-west-1"],
  );

  it("tells whoever asks its servers for something", async () => {
    expect(String(await rejection(cell.database.role()))).to.contain(withheld);
    expect(String(await rejection(cell.journal.epoch()))).to.contain(withheld);
    expect(() => cell.cache).to.throw(withheld);
    await cell.close();
  });

  it("is handed nothing: neither is a handover begun", () => {
    const cells = { "eu-west-1": cell.target, "eu-central-1": target().cells["eu-central-1"] };
    expect(() => requireCredentials({ cells }, "eu-west-1")).to.throw("nothing was begun");
    expect(() => requireCredentials({ cells }, "eu-central-1")).not.to.throw();
  });
});

describe("where a database is asked for", () => {
  const own = target().cells["eu-west-1"];

  it("at its cluster endpoint, while that leads somewhere", async () => {
    expect(await databasePlace(own, async () => true)).to.equal(own.databaseUrl);
  });

  it("at its reader endpoint, while the cell is a secondary", async () => {
    expect(await databasePlace(own, async () => false)).to.equal(own.databaseReaderUrl);
  });
});

describe("what AWS is asked before a command acts", () => {
  /** A service that answers in some regions, fails in others, and is silent in the rest. */
  const service = (answers: Record<string, unknown>, asked: string[] = []) => ({
    asked,
    client: (region: string) => ({
      send: async () => {
        asked.push(region);
        if (!(region in answers)) return new Promise(() => undefined);
        const answer = answers[region];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    }),
  });
  const secrets = (client: (region: string) => object): Pick<AwsClients, "secrets"> =>
    ({ secrets: client }) as unknown as Pick<AwsClients, "secrets">;
  const identity = (client: (region: string) => object): Pick<AwsClients, "identity"> =>
    ({ identity: client }) as unknown as Pick<AwsClients, "identity">;
  const held = { SecretString: JSON.stringify({ ...login, engine: "postgres" }) };

  it("reads a login in the cell's own region, and asks nobody else", async () => {
    const { client, asked } = service({ "eu-west-1": held });
    expect(await loginOf(secrets(client), "castle/operator/database", "eu-west-1")).to.deep.equal(login);
    expect(asked).to.deep.equal(["eu-west-1"]);
  });

  for (const [how, answers] of [
    ["is silent", {}],
    ["fails", { "eu-west-1": new Error("gone") }],
  ] as const)
    it(`reads the replica in the peer's when the region ${how}`, async () => {
      const { client } = service({ ...answers, "eu-central-1": held });
      expect(
        await loginOf(secrets(client), "castle/operator/database", "eu-west-1", milliseconds(5)),
      ).to.deep.equal(login);
    });

  it("does not repeat what a secret holds when it is no login", async () => {
    const { client } = service({
      "eu-west-1": { SecretString: "hunter2" },
      "eu-central-1": { SecretString: '{"pass":"hunter2"}' },
    });
    const error = await rejection(loginOf(secrets(client), "castle/operator/database", "eu-west-1"));
    expect(error).to.be.instanceOf(AggregateError);
    expect(JSON.stringify((error as AggregateError).errors.map(String))).to.contain(
      "is not JSON with a password",
    );
    expect(JSON.stringify((error as AggregateError).errors.map(String))).not.to.contain("hunter2");
  });

  it("asks who acts in the third region first, and elsewhere when that is silent", async () => {
    const answer = { Account: "123456789012", Arn: "arn:aws:sts::123456789012:assumed-role/Op/ann" };
    const third = service({ "eu-west-3": answer });
    expect(await callerOf(identity(third.client))).to.include({ account: "123456789012" });
    expect(third.asked).to.deep.equal(["eu-west-3"]);
    const elsewhere = service({ "eu-central-1": answer });
    expect(await callerOf(identity(elsewhere.client), milliseconds(5))).to.include({ arn: answer.Arn });
  });

  it("acts in no other account than the stack's", async () => {
    const here = mkdtempSync(join(tmpdir(), "castle-account-"));
    try {
      await saveOutputs(here, { savedAt: new Date().toISOString(), stacks: stacksOfTests() });
      const sts = service({
        "eu-west-3": { Account: "999999999999", Arn: "arn:aws:iam::999999999999:user/eve" },
      });
      const aws = {
        ...identity(sts.client),
        ...secrets(service({ "eu-west-1": held, "eu-central-1": held }).client),
        close: () => undefined,
      } as unknown as AwsClients;
      const error = await rejection(openCastle({ stack: "prd", outputs: here, here }, () => aws));
      expect(String(error)).to.match(/acts as .*user\/eve in account 999999999999, .* account 123456789012/);
    } finally {
      rmSync(here, { recursive: true });
    }
  });
});
