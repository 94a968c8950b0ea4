import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Replicas } from "@castle/lab/aws/holdings.ts";
import { imageOfTree } from "@castle/lab/cells/image-of-tree.ts";
import { labHoldings } from "@castle/lab/cells/lab-holdings.ts";
import { labNeeds } from "@castle/lab/cells/lab-needs.ts";
import { homeRegion, peerRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";

describe("imageOfTree", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "castle-tree-"));
    await write({ "a/one.ts": "1", "a/deep/two.ts": "22", "b.ts": "3", "other.ts": "4" });
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = async (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(root, name, ".."), { recursive: true });
      await writeFile(join(root, name), text);
    }
  };
  const digest = async (...parts: string[]) => (await imageOfTree(root, parts)).digest;

  it("is the same for the same tree, whatever the order in which its parts are named", async () => {
    const image = await imageOfTree(root, ["a", "b.ts"]);
    expect(image.digest).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(image.sizeInBytes).to.equal(4);
    expect(await digest("b.ts", "a")).to.equal(image.digest);
  });

  const changes: Record<string, Record<string, string>> = {
    "a file's content": { "a/deep/two.ts": "23" },
    "a new file": { "a/new.ts": "" },
    "content that moved from one file to the next": { "a/one.ts": "", "a/deep/two.ts": "122" },
  };
  for (const [what, files] of Object.entries(changes))
    it(`is another for ${what}`, async () => {
      const before = await digest("a", "b.ts");
      await write(files);
      expect(await digest("a", "b.ts")).not.to.equal(before);
    });

  it("does not depend on what is not part of it", async () => {
    const before = await digest("a", "b.ts");
    await write({ "other.ts": "5", "a/node_modules/x/index.js": "" });
    expect(await digest("a", "b.ts")).to.equal(before);
  });

  it("does not pass over a part that is not there", async () => {
    expect(await digest("a", "gone").catch((cause: Error) => cause.message)).to.include("ENOENT");
  });
});

describe("labHoldings", () => {
  const secrets = (sealKey: string, password = "p".repeat(24)) =>
    labHoldings({ sealKey, postgres: { user: "castle", password, passFile: "", bareFile: "" } });

  it("holds what the lab's target names", async () => {
    const holdings = secrets("k");
    const images = await holdings.images();
    expect(images.map(({ repository }) => repository)).to.deep.equal(labNeeds.repositories);
    expect(new Set(images.map(({ digest }) => digest)).size, "each service is another image").to.equal(3);
    expect(holdings.secrets().map(({ name }) => name)).to.deep.equal(labNeeds.secrets);
  });

  it("tells whether a value is still the same, and nothing of the value", () => {
    const [before, after] = [secrets("first-key"), secrets("second-key")].map((one) => one.secrets());
    expect(before?.[0]?.versionId).to.match(/^[0-9a-f-]{36}$/);
    expect(before?.[0]?.versionId).not.to.equal(after?.[0]?.versionId);
    expect(before?.[1]?.versionId).to.equal(after?.[1]?.versionId);
    expect(secrets("first-key").secrets()[0]?.versionId).to.equal(before?.[0]?.versionId);
    expect(JSON.stringify(before)).not.to.include("first-key").and.not.to.include("ppp");
  });
});

describe("Replicas", () => {
  it("are in both cells, unless withheld from one, and nowhere else", () => {
    const replicas = new Replicas();
    const where = () => [homeRegion, peerRegion, witnessRegion].filter((region) => replicas.has("x", region));
    expect(where()).to.deep.equal([homeRegion, peerRegion]);
    replicas.withhold("x", homeRegion);
    expect(where()).to.deep.equal([peerRegion]);
    expect(replicas.has("y", homeRegion)).to.equal(true);
    replicas.release("x", homeRegion);
    expect(where()).to.deep.equal([homeRegion, peerRegion]);
  });
});
