import { expect } from "chai";
import type { CellContext } from "../../../../infra/cell/context.ts";
import { CellSecrets } from "../../../../infra/cell/secrets/cell-secrets.ts";
import { passwordIn, secretText, VALUE_LENGTH } from "../../../../infra/cell/secrets/values.ts";
import { contextOf } from "../support/cell-context.ts";
import { keyOfTests } from "../support/made-up.ts";
import { type Recording, type RecordOptions, record } from "../support/recorded.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const RANDOM = "aws:secretsmanager/getRandomPassword:getRandomPassword";
const READ = "aws:secretsmanager/getSecretVersion:getSecretVersion";

/** Secrets Manager, which gives another password each time that it is asked, and what it holds by name or ARN. */
function secretsManager(held: (secret: string) => string) {
  const asked: { random: Record<string, unknown>[]; read: string[] } = { random: [], read: [] };
  const functions: RecordOptions["functions"] = {
    [RANDOM]: (inputs) => {
      asked.random.push(inputs);
      return { randomPassword: `${asked.random.length}`.padStart(VALUE_LENGTH, "r") };
    },
    [READ]: ({ secretId }) => {
      asked.read.push(String(secretId));
      return { secretString: held(String(secretId)) };
    },
  };
  return { asked, functions };
}

const held = (secret: string) => JSON.stringify({ username: "castle", password: `held in ${secret}` });

async function build(stack: string | CellContext, options: RecordOptions = {}) {
  const context = typeof stack === "string" ? contextOf(stack) : stack;
  const { asked, functions } = secretsManager(held);
  const told: Record<string, unknown> = {};
  let services: readonly string[] = [];
  const recording = await record(
    () => {
      const secrets = new CellSecrets("cell", { context, keys: keyOfTests });
      services = secrets.services;
      for (const name of ["databasePassword", "journalPassword", "cacheToken"] as const) {
        secrets[name].apply((value) => {
          told[name] = value;
        });
      }
      return Promise.all(
        [secrets.databasePassword, secrets.journalPassword, secrets.cacheToken].map(
          (output) => (output as unknown as { isSecret: Promise<boolean> }).isSecret,
        ),
      ).then((secret) => {
        told["secret"] = secret;
      });
    },
    { functions, ...options },
  );
  return { recording, asked, told, services };
}

const versionOf = (recording: Recording, name: string) => recording.one(VERSION, `cell-${name}`);

describe("the secrets of a cell", () => {
  it("are made in the home cell, encrypted with its key, with a replica in the peer's region", async () => {
    const secrets = (await build("prd")).recording.ofType(SECRET);
    expect(secrets.map(({ inputs }) => inputs["name"])).to.have.members([
      "castle/operator/production/database",
      "castle/operator/production/journal",
      "castle/operator/production/cache",
      "castle/services/production/database",
      "castle/services/production/journal",
      "castle/services/production/cache",
      "castle/services/production/seal-key",
    ]);
    for (const { inputs, protect, name } of secrets) {
      expect(inputs, name).to.deep.include({
        kmsKeyId: keyOfTests.keyArn,
        replicas: [{ region: "eu-central-1", kmsKeyId: "alias/aws/secretsmanager" }],
        recoveryWindowInDays: 30,
      });
      expect(protect, name).to.equal(true);
    }
  });

  it("are never made in the peer cell, which reads the replicas in its own region by name", async () => {
    const { recording, asked, told } = await build("dr");
    expect(recording.ofType(SECRET)).to.deep.equal([]);
    expect(recording.ofType(VERSION)).to.deep.equal([]);
    expect(asked.random).to.deep.equal([]);
    expect(told["journalPassword"]).to.equal("held in castle/operator/production/journal");
  });

  // The peer's first `up` reads them, and the home cell's stack is told of the peer only after that.
  it("are in the peer's region before a cell is, and stay as they are when it comes", async () => {
    const secretsOf = async (context: CellContext) =>
      (await build(context)).recording.ofType(SECRET).map(({ inputs }) => inputs);
    expect(await secretsOf(contextOf("prd", (settings) => ({ ...settings, peer: null })))).to.deep.equal(
      await secretsOf(contextOf("prd")),
    );
  });

  it("have no replica where there will be no second cell, and free their names at once in a preview", async () => {
    for (const { inputs, protect } of (await build("dev")).recording.ofType(SECRET)) {
      expect(inputs).to.deep.include({ replicas: [], recoveryWindowInDays: 0 });
      expect(protect).to.equal(false);
    }
  });

  it("are sent write-only, with a version by which alone they are sent again, and never as a plain value", async () => {
    const { recording } = await build("prd");
    for (const version of recording.ofType(VERSION)) {
      expect(version.inputs).to.include({ secretStringWoVersion: 1 });
      expect(version.inputs).to.have.property("secretStringWo");
      expect(version.inputs).not.to.have.property("secretString");
      expect(version.protect, "a version that is replaced is a new password").to.equal(true);
      expect(version.ignoreChanges, "a refresh empties it, and the empty one would be sent").to.deep.equal(
        [],
      );
    }
  });

  // Each run of the program is given another random value, of which all but the first are never sent.
  it("reach stores as they are held, never as they were generated", async () => {
    const { told, asked } = await build("prd");
    expect(asked.random).to.have.lengthOf(4);
    for (const name of ["databasePassword", "journalPassword", "cacheToken"])
      expect(told[name]).to.match(/^held in arn:aws:secretsmanager/);
  });

  it("let services log in as what is held lets the owner, whatever was generated meanwhile", async () => {
    const { recording } = await build("prd");
    const copy = versionOf(recording, "services-database").inputs["secretStringWo"];
    expect(JSON.stringify(copy))
      .to.include("held in arn:aws:secretsmanager")
      .and.include("cell-operator-database");
  });

  it("are marked as secrets wherever they go", async () => {
    expect((await build("prd")).told["secret"]).to.deep.equal([true, true, true]);
  });

  it("are read only once they were made: a first preview asks Secrets Manager for none", async () => {
    expect((await build("prd", { preview: true })).asked.read).to.deep.equal([]);
  });

  it("that services are given are named, the same in both cells", async () => {
    const home = (await build("prd")).services;
    expect(home).to.have.lengthOf(4);
    expect((await build("dr")).services).to.deep.equal(home);
  });

  it("ask for letters and digits alone, which go into URLs as they are", async () => {
    for (const inputs of (await build("prd")).asked.random)
      expect(inputs).to.deep.include({ passwordLength: VALUE_LENGTH, excludePunctuation: true });
  });
});

describe("what a secret holds", () => {
  const random = "aB3".padEnd(VALUE_LENGTH, "x");

  it("is a seal key of 32 bytes, as the services' configuration asks for", () => {
    const { key } = JSON.parse(secretText("seal-key", random));
    expect(Buffer.from(key, "base64")).to.have.lengthOf(32);
    expect(key).to.match(/^[A-Za-z0-9]{43}=$/);
  });

  it("is a login as runbooks read it", () => {
    expect(JSON.parse(secretText("login", random))).to.deep.equal({ username: "castle", password: random });
    expect(JSON.parse(secretText("password", random))).to.deep.equal({ password: random });
  });

  for (const text of [
    "",
    "not json hunter2",
    '{"username":"hunter2"}',
    '{"password":""}',
    '["hunter2"]',
    "null",
  ])
    it(`is no password in ${JSON.stringify(text)}, and the error repeats nothing of it`, () => {
      expect(() => passwordIn("castle/operator/x", text))
        .to.throw("secret castle/operator/x is not JSON with a password in it")
        .with.property("message")
        .that.does.not.include("hunter2");
    });
});
