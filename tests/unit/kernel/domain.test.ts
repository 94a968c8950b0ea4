import { ConfigInvalid, loadConfig } from "@castle/services/kernel/config.ts";
import { formatAmount, parseAmount } from "@castle/services/kernel/domain/amount.ts";
import { type Command, decodeCommand, encodeCommand } from "@castle/services/kernel/domain/command.ts";
import { seal, unseal } from "@castle/services/kernel/seal.ts";
import { expect } from "chai";
import fc from "fast-check";

describe("amounts", () => {
  it("survive the way to the wire and back", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 27n), (amount) => {
        expect(parseAmount(formatAmount(amount))).to.equal(amount);
      }),
    );
  });

  for (const text of ["", "-1", "1.", ".5", "1e3", "0x10", "1.123456789", "½", "1 "])
    it(`do not come from ${JSON.stringify(text)}`, () => expect(parseAmount(text)).to.equal(null));

  it("ignore zeros after the last decimal that counts", () =>
    expect(parseAmount("1.5000000000")).to.equal(1_50000000n));
});

describe("a stored command", () => {
  const amount = fc.bigInt(0n, 10n ** 24n);
  const command: fc.Arbitrary<Command> = fc.oneof(
    fc.record({
      kind: fc.constant("place" as const),
      side: fc.constantFrom("BUY" as const, "SELL" as const),
      type: fc.constantFrom("LIMIT" as const, "MARKET" as const, "LIMIT_MAKER" as const),
      timeInForce: fc.constantFrom("GTC" as const, "IOC" as const, "FOK" as const),
      price: fc.option(amount),
      quantity: fc.option(amount),
      quoteBudget: fc.option(amount),
      hold: fc.record({ asset: fc.string(), amount }),
    }),
    fc.record({ kind: fc.constant("cancel" as const), orderId: fc.nat(), origClientOrderId: fc.string() }),
    fc.record({ kind: fc.constant("deposit" as const), asset: fc.string(), amount }),
    fc.record({ kind: fc.constant("open-account" as const), apiKey: fc.string(), sealedSecret: fc.string() }),
  );

  it("reads back as it was written, to the same bytes", () => {
    fc.assert(
      fc.property(command, (written) => {
        const read = decodeCommand(encodeCommand(written));
        expect(read).to.deep.equal({ ...written });
        expect(encodeCommand(read)).to.equal(encodeCommand(written));
      }),
    );
  });
});

describe("a sealed secret", () => {
  const key = Buffer.alloc(32, 1);

  it("opens under its key alone, and not once it was altered", () => {
    const sealed = seal(key, "a secret");
    expect(unseal(key, sealed)).to.equal("a secret");
    expect(sealed).to.not.contain("secret");
    expect(() => unseal(Buffer.alloc(32, 2), sealed)).to.throw();
    const altered = Buffer.from(sealed, "base64url");
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    expect(() => unseal(key, altered.toString("base64url"))).to.throw();
  });
});

describe("the environment of a service", () => {
  it("names every mistake at once, and repeats no value", () => {
    const wrong = {
      CASTLE_REGION: "mars",
      DATABASE_URL: "mysql://user:hunter2@somewhere",
      CASTLE_SYMBOLS: "BTCUSDT,XXX",
    };
    try {
      loadConfig(wrong);
      expect.fail("was accepted");
    } catch (error) {
      expect(error).to.be.instanceOf(ConfigInvalid);
      const { message } = error as Error;
      expect(message)
        .to.contain("CASTLE_REGION")
        .and.contain("DATABASE_URL")
        .and.contain('unknown symbol "XXX"');
      expect(message).to.contain("CASTLE_SEAL_KEY is not set").and.not.contain("hunter2");
    }
  });
});
