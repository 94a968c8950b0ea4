import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ListedApprover, makeApproverKey } from "@castle/dr-runbooks/approvals/approver-key.ts";
import {
  judgeFile,
  type SignedFile,
  type Statement,
  signed,
} from "@castle/dr-runbooks/approvals/signed-file.ts";
import { type Asked, digestOf } from "@castle/dr-runbooks/engine/approval.ts";
import { readSigningKey, type SigningKey } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { approver as approverSchema } from "@castle/dr-runbooks/target.ts";
import { expect } from "chai";
import { scratchFolder } from "../engine/scratch.ts";

const by = { user: "ada", host: "desk", pid: 7 };
const NOW = 1_000_000;

const asked = (change: Partial<Asked> = {}): Asked => {
  const what = {
    ...{ execution: "failover-2", approval: "hold", figures: ["3 are missing"], measuredAt: NOW - 1_000 },
    ...change,
  };
  return {
    ...what,
    purpose: "Go on.",
    word: "yes",
    ahead: false,
    until: NOW + 1_000,
    digest: digestOf(what),
  };
};

describe("a file that an approver signed", () => {
  const folder = scratchFolder();
  let ada: { key: SigningKey; listed: ListedApprover };
  let eve: { key: SigningKey; listed: ListedApprover };
  const made = async (name: string) => {
    const file = join(folder(), `${name}.pem`);
    const { fingerprint: _, ...listed } = await makeApproverKey(file, name);
    return { key: await readSigningKey(file), listed };
  };
  beforeEach(async () => {
    ada = await made("ada");
    eve = await made("eve");
  });

  const statement = (change: Partial<Statement> = {}): Statement => ({
    ...{ execution: "failover-2", approval: "hold", digest: asked().digest, at: NOW, approver: "ada", by },
    key: ada.key.fingerprint,
    ...change,
  });
  const judge = (file: unknown, outdated: string[] = [], now = NOW) =>
    judgeFile(JSON.stringify(file), asked(), { outdated: new Set(outdated) }, [ada.listed], now);

  it("counts, and tells who agreed, with which key, when and why, and the signature", () => {
    const file = signed(statement({ because: "all is well" }), ada.key);
    expect(judge(file)).to.deep.equal({
      ...{ signedAt: NOW, signature: file.signature },
      ...{ agreed: true, how: "file", by, approver: "ada", key: ada.key.fingerprint, because: "all is well" },
    });
  });

  const refused: [string, () => SignedFile | object | string, RegExp][] = [
    [
      "whose key nobody listed",
      () => signed(statement({ key: eve.key.fingerprint }), eve.key),
      /none of the target's approvers/,
    ],
    [
      "signed by another key than it names",
      () => signed(statement(), eve.key),
      /not signed by the key that it names/,
    ],
    ["changed after it was signed", () => ({ ...signed(statement(), ada.key), because: "so" }), /not signed/],
    [
      "that calls its signer by another name",
      () => signed(statement({ approver: "bob" }), ada.key),
      /is ada's, and it says bob/,
    ],
    [
      "for another execution",
      () => signed(statement({ execution: "failover-3" }), ada.key),
      /another execution, failover-3/,
    ],
    [
      "for another approval",
      () => signed(statement({ approval: "consent" }), ada.key),
      /another approval, consent/,
    ],
    [
      "for other figures",
      () => signed(statement({ digest: asked({ figures: ["2 are missing"] }).digest }), ada.key),
      /other figures/,
    ],
    [
      "signed when the figures counted no longer",
      () => signed(statement({ at: NOW + 1_001 }), ada.key),
      /too late/,
    ],
    ["with something added", () => ({ ...signed(statement(), ada.key), more: 1 }), /no signed approval/],
    ["that is no such file", () => "nonsense", /no signed approval/],
  ];
  for (const [what, file, told] of refused)
    it(`${what}, is refused`, () => {
      expect(judge(file())).to.match(told);
    });

  it("is refused once the figures have grown old, and when they were asked about before", () => {
    expect(judge(signed(statement(), ada.key), [], NOW + 1_001)).to.match(
      /too late: the figures counted until/,
    );
    const before = asked({ measuredAt: NOW - 9_000 }).digest;
    expect(judge(signed(statement({ digest: before }), ada.key), [before])).to.match(/too late/);
  });

  it("is bound to when the figures were measured, also where they are the same", () => {
    expect(asked({ measuredAt: 1 }).digest).to.not.equal(asked({ measuredAt: 2 }).digest);
  });

  it("is signed with a key that its owner alone can read, and that no other one replaces", async () => {
    const file = join(folder(), "bob.pem");
    await makeApproverKey(file, "bob");
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    chmodSync(file, 0o600);
    const error = await makeApproverKey(file, "bob").catch((reason: unknown) => reason);
    expect(String(error)).to.contain("never written over");
    expect(readdirSync(folder())).to.include("bob.pub.pem");
  });

  it("is verified with a public key only: a target refuses a private one, and nonsense", () => {
    const parses = (publicKey: string): boolean =>
      approverSchema.safeParse({ name: "ada", publicKey }).success;
    expect(parses(ada.listed.publicKey)).to.equal(true);
    expect(parses("nonsense")).to.equal(false);
    expect(parses(ada.listed.publicKey.replaceAll("PUBLIC", "PRIVATE"))).to.equal(false);
  });
});
