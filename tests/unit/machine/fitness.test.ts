import { tmpdir } from "node:os";
import {
  labNeeds,
  type MachineMeans,
  MachineUnfit,
  openFilesLimit,
  readMeans,
  unmetNeeds,
} from "@castle/lab/machine/fitness.ts";
import { expect } from "chai";
import { limits } from "./recorded.ts";

const GIBI = 2 ** 30;
const good: MachineMeans = {
  ...{ cores: 2, memoryBytes: 4 * GIBI, diskBytes: 20 * GIBI, openFiles: 20_000, fsyncMs: 0.8 },
};
const needs = labNeeds({ accounts: 100, memoryBytes: 2.5 * GIBI, judgeSpeed: true });
const unmet = (means: Partial<MachineMeans>, of = needs): string[] =>
  unmetNeeds({ ...good, ...means }, of, "/tmp");

describe("whether a machine will do for a lab", () => {
  it("is so on two cores with room to spare", () => expect(unmet({})).to.deep.equal([]));

  const cases: [string, Partial<MachineMeans>, RegExp][] = [
    ["memory", { memoryBytes: 2 * GIBI }, /^2\.0 GiB of memory are free, .* up to 2\.5 GiB: end what else/],
    ["room on the disk", { diskBytes: GIBI }, /^1\.0 GiB are free below \/tmp, .* TMPDIR=/],
    ["files", { openFiles: 1_024 }, /^a process may open 1024 files, .* 1424: .*ulimit -n 1424/],
    ["cores", { cores: 1 }, /^this process may use 1 core, .* from 2 on: /],
    ["a faster disk", { fsyncMs: 40 }, /^a small write takes 40 ms .* TMPDIR=/],
  ];
  for (const [what, lack, wanted] of cases)
    it(`names ${what} as what is lacking, and a remedy`, () => {
      expect(unmet(lack)).to.have.length(1);
      expect(unmet(lack)[0]).to.match(wanted);
    });

  it("names everything at once", () => {
    const all = unmet(Object.assign({}, ...cases.map(([, lack]) => lack)));
    expect(all).to.have.length(cases.length);
    const { message } = new MachineUnfit(all);
    expect(message.split("\n")).to.have.length(1 + cases.length);
    expect(message).to.contain("nothing was started");
  });

  it("asks for neither cores nor a fast disk where speed is not judged", () => {
    const correctness = labNeeds({ accounts: 100, memoryBytes: 2.5 * GIBI, judgeSpeed: false });
    expect(unmet({ cores: 1, fsyncMs: 40 }, correctness)).to.deep.equal([]);
    expect(unmet({ memoryBytes: 0 }, correctness)).to.have.length(1);
  });

  it("lacks nothing that the system does not tell", () =>
    expect(unmet({ openFiles: null, fsyncMs: null })).to.deep.equal([]));

  it("reads how many files may be open", () => {
    expect(openFilesLimit(limits)).to.equal(20_000);
    expect(openFilesLimit(limits.replace("20000", "unlimited"))).to.equal(Number.POSITIVE_INFINITY);
    expect(openFilesLimit(null)).to.equal(null);
  });

  it("reads what this machine has", () => {
    const means = readMeans(tmpdir(), 1);
    expect(means.cores).to.be.at.least(1);
    expect(Math.min(means.memoryBytes, means.diskBytes)).to.be.above(0);
  });
});
