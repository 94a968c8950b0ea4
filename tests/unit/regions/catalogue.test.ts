import {
  cellRegions,
  peerOf,
  regionNamed,
  regionNames,
  regions,
  roundTripMs,
} from "@castle/regions/catalogue.ts";
import { Duration, milliseconds, minutes, seconds } from "@castle/regions/duration.ts";
import { epoch, nextEpoch } from "@castle/regions/epoch.ts";
import { isLoopback, requireLoopback } from "@castle/regions/loopback.ts";
import { expect } from "chai";

describe("the region catalogue", () => {
  it("names the unknown region and the known ones", () => {
    expect(() => regionNamed("eu-west-9")).to.throw(/"eu-west-9".*eu-west-1, eu-central-1, eu-west-3/);
  });

  it("makes each cell the other's peer", () => {
    for (const cell of cellRegions) expect(peerOf(peerOf(cell))).to.equal(cell);
    expect(() => peerOf("eu-west-3")).to.throw("holds no cell");
  });

  it("knows the round trip between any two regions, the same both ways", () => {
    for (const a of regionNames)
      for (const b of regionNames) {
        expect(roundTripMs(a, b)).to.equal(roundTripMs(b, a));
        if (a !== b) expect(roundTripMs(a, b)).to.be.greaterThan(0);
      }
  });

  it("gives no two regions the same address range", () => {
    expect(new Set(regionNames.map((name) => regions[name].cidr)).size).to.equal(regionNames.length);
  });
});

describe("value types", () => {
  it("grows an epoch by one and refuses what is not a positive integer", () => {
    expect(nextEpoch(epoch(7))).to.equal(8);
    for (const wrong of [0, -1, 1.5, "x", Number.MAX_SAFE_INTEGER + 1])
      expect(() => epoch(wrong), String(wrong)).to.throw(RangeError);
  });

  it("keeps units of time apart", () => {
    expect(seconds(2).ms).to.equal(2_000);
    expect(minutes(1).seconds).to.equal(60);
    expect(String(milliseconds(250))).to.equal("250 ms");
    expect(String(seconds(1.5))).to.equal("1.5 s");
    expect(() => Duration.ms(-1)).to.throw(RangeError);
  });
});

describe("the lab's endpoints", () => {
  for (const url of ["http://127.0.0.1:1", "http://127.3.2.1", "http://localhost:4566", "http://[::1]:8"])
    it(`takes ${url} for this machine`, () => expect(isLoopback(url)).to.equal(true));

  for (const url of [
    "https://dynamodb.eu-west-3.amazonaws.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://10.0.0.1",
    "http://127.0.0.1@example.com",
    "not a url",
  ])
    it(`refuses ${url}`, () =>
      expect(() => requireLoopback(url, "the endpoint")).to.throw(/not on this machine/));
});
