import { randomBytes } from "node:crypto";
import {
  issueListenKey,
  LISTEN_KEY_LIFETIME,
  readListenKey,
} from "@castle/services/kernel/http/listen-key.ts";
import { seal } from "@castle/services/kernel/seal.ts";
import { expect } from "chai";

const sealKey = randomBytes(32);
const now = 1_700_000_000_000;

describe("a listen key", () => {
  it("tells its account to whoever holds the platform's key, until it expires", () => {
    const key = issueListenKey(sealKey, 42, now);
    const expiresAt = now + LISTEN_KEY_LIFETIME.ms;
    expect(readListenKey(sealKey, key, expiresAt - 1)).to.deep.equal({ accountId: 42, expiresAt });
    expect(readListenKey(sealKey, key, expiresAt)).to.equal(null);
  });

  it("fits into a URL as it is", () => {
    expect(issueListenKey(sealKey, Number.MAX_SAFE_INTEGER, now)).to.match(/^[\w-]{40,200}$/);
  });

  it("shows nothing of the account", () => {
    expect(issueListenKey(sealKey, 42, now)).not.to.equal(issueListenKey(sealKey, 42, now));
  });

  const key = issueListenKey(sealKey, 42, now);
  const strangers: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["any text", "btcusdt"],
    ["a key of another platform", issueListenKey(randomBytes(32), 42, now)],
    ["an altered key", `${key.slice(0, 20)}${key[20] === "A" ? "B" : "A"}${key.slice(21)}`],
    ["something else under the same seal, such as a secret", seal(sealKey, "a secret")],
    ["a list of another purpose under the same seal", seal(sealKey, JSON.stringify(["other", 42, now + 1]))],
  ];
  for (const [what, text] of strangers)
    it(`is not ${what}`, () => {
      expect(readListenKey(sealKey, text, now)).to.equal(null);
    });
});
