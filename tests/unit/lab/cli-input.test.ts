import { UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import { channelNamed, labOptions, regionNamed, roundTrip } from "@castle/lab/cli/input.ts";
import { expect } from "chai";

describe("what is typed after castle lab", () => {
  it("is read into options, and what is not typed is left to the lab", () => {
    expect(labOptions({})).to.deep.equal({});
    expect(labOptions({ timing: "aws" })).to.deep.equal({ timing: "aws" });
    expect(labOptions({ rtt: "0", symbols: "BTCUSDT,ETHUSDT", folder: "/x", apiPort: "8443" })).to.deep.equal(
      {
        ...{ rttMs: 0, symbols: ["BTCUSDT", "ETHUSDT"], folder: "/x", apiPort: 8_443 },
      },
    );
  });

  it("is refused with every mistake at once", () => {
    expect(() => labOptions({ rtt: "-1", symbols: "BTCUSDT,FOO", streamPort: "70000", timing: "slow" }))
      .to.throw(UsageError)
      .with.property("message")
      .that.matches(/unknown symbol "FOO"; known: BTCUSDT/)
      .and.matches(/--rtt must be a whole number from 0 to 10000, not "-1"/)
      .and.matches(/--timing is one of instant, aws, not "slow"/)
      .and.matches(/--stream-port must be .*"70000"/);
  });

  for (const bad of ["", "1.5", "fast", "-2", "99999"])
    it(`is no round-trip time when it is "${bad}"`, () => {
      expect(() => roundTrip(bad)).to.throw(UsageError);
    });

  it("names a region with a cell, or is told which there are", () => {
    expect(regionNamed("eu-central-1")).to.equal("eu-central-1");
    for (const none of ["eu-west-3", "mars"])
      expect(() => regionNamed(none)).to.throw(UsageError, /cells: eu-west-1, eu-central-1/);
  });

  it("names a channel, or is told which there are", () => {
    expect(channelNamed("witness")).to.deep.equal(["witness"]);
    expect(channelNamed(undefined)).to.deep.equal(["replication", "journal", "redis"]);
    expect(() => channelNamed("foo")).to.throw(UsageError, /known: replication, journal, redis, witness/);
  });
});
