import { ConfigInvalid, loadConfig } from "@castle/services/kernel/config.ts";
import { expect } from "chai";

const verified = "sslmode=verify-full&sslrootcert=/etc/castle/rds-ca.pem";
const database = (query: string): string => `postgres://castle:hunter2@db.example.com:5432/castle${query}`;

const onAws = {
  CASTLE_REGION: "eu-west-1",
  CASTLE_SERVICE: "order-gateway",
  CASTLE_INSTANCE: "order-gateway-0",
  CASTLE_PORT: "8080",
  CASTLE_INTERNAL_PORT: "9090",
  DATABASE_URL: database(`?${verified}`),
  DATABASE_READER_URL: database(`?${verified}`),
  JOURNAL_URL: database(`?${verified}`),
  PEER_JOURNAL_URL: database(`?${verified}`),
  REDIS_URL: "rediss://:hunter2@cache.example.com:6379",
  WITNESS_TABLE: "castle-witness",
  WITNESS_REGION: "eu-west-3",
  CASTLE_SEAL_KEY: Buffer.alloc(32, 1).toString("base64"),
  CASTLE_SYMBOLS: "BTCUSDT",
};
const plainHere = "postgres://castle:hunter2@127.0.0.1:5432/castle";
const { DATABASE_READER_URL: _, ...withoutReader } = onAws;
const inLab = {
  ...withoutReader,
  ...{ DATABASE_URL: plainHere, JOURNAL_URL: plainHere, PEER_JOURNAL_URL: plainHere },
  REDIS_URL: "redis://:hunter2@127.0.0.1:6379",
  WITNESS_ENDPOINT: "http://127.0.0.1:8000",
};

/** Why the environment is refused; empty when it is taken. */
function refusal(env: NodeJS.ProcessEnv): string {
  try {
    loadConfig(env);
    return "";
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigInvalid);
    return (error as Error).message;
  }
}

describe("the environment of a service on AWS", () => {
  it("is taken when every store is reached over TLS", () => {
    expect(refusal(onAws)).to.equal("");
  });

  for (const name of ["DATABASE_URL", "DATABASE_READER_URL", "JOURNAL_URL", "PEER_JOURNAL_URL"] as const)
    for (const query of [
      "",
      "?sslmode=require",
      "?sslmode=verify-ca",
      "?sslmode=no-verify",
      `?${verified}&sslmode=disable`,
      `?${verified}&host=elsewhere.example.com`,
      `?${verified}&ssl=0`,
    ])
      it(`is refused with ${name} ending in "castle${query}", and told the remedy`, () => {
        const message = refusal({ ...onAws, [name]: database(query) });
        expect(message).to.match(new RegExp(`^ {2}${name}: .*\\?sslmode=verify-full`, "m"));
        expect(message).not.to.contain("hunter2");
        expect(message.split("\n")).to.have.length(2);
      });

  for (const url of [
    "redis://:hunter2@cache.example.com:6379",
    "rediss://:hunter2@cache.example.com:6379?tls=",
    "redis://:hunter2@127.0.0.1:6379",
  ])
    it(`is refused with a cache at ${url.replace(":hunter2@", "")}, and told the remedy`, () => {
      const message = refusal({ ...onAws, REDIS_URL: url });
      expect(message).to.match(/^ {2}REDIS_URL: .*rediss:\/\//m);
      expect(message).not.to.contain("hunter2");
    });

  it("is refused where Node is told to trust anybody", () => {
    expect(refusal({ ...onAws, NODE_TLS_REJECT_UNAUTHORIZED: "0" })).to.contain(
      "NODE_TLS_REJECT_UNAUTHORIZED",
    );
  });

  it("names each store without TLS at once, beside every other mistake", () => {
    const { CASTLE_SEAL_KEY: __, ...unsealed } = onAws;
    const message = refusal({
      ...unsealed,
      JOURNAL_URL: database(""),
      REDIS_URL: "redis://cache.example.com",
    });
    expect(message).to.contain("JOURNAL_URL:").and.contain("REDIS_URL:");
    expect(message).to.contain("CASTLE_SEAL_KEY is not set");
  });

  it("cannot pass for a lab's by a witness elsewhere", () => {
    expect(refusal({ ...onAws, WITNESS_ENDPOINT: "https://witness.example.com" })).to.contain(
      "WITNESS_ENDPOINT",
    );
  });
});

describe("the environment of a service in a lab", () => {
  it("needs no TLS, since nothing leaves the machine", () => {
    expect(refusal(inLab)).to.equal("");
  });

  it("needs it for what is on another machine", () => {
    expect(refusal({ ...inLab, JOURNAL_URL: database("") })).to.contain("JOURNAL_URL");
    expect(refusal({ ...inLab, REDIS_URL: "redis://cache.example.com" })).to.contain("REDIS_URL");
    expect(refusal({ ...inLab, DATABASE_URL: `${plainHere}?host=db.example.com` })).to.contain(
      "DATABASE_URL",
    );
  });
});
