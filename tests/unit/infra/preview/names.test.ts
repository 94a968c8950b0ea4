import { expect } from "chai";
import fc from "fast-check";
import { previewNames } from "../../../../infra/preview/names.ts";
import { hasExpired, type Preview, previewOf, tagsOf } from "../../../../infra/preview/preview.ts";
import { previewConfig } from "../../../../infra/preview/preview-config.ts";
import { PreviewRefused } from "../../../../infra/preview/refused.ts";
import { tellPreviews } from "../../../../infra/preview/tell.ts";
import { spanOf, timeToLive } from "../../../../infra/preview/time-to-live.ts";
import { rawStackConfig } from "../../../../infra/settings/stack-file.ts";

const HOUR = 3_600_000;
const branches = fc
  .string({ unit: "binary", minLength: 1 })
  .filter((name) => name.trim() !== "" && name !== "HEAD");

describe("the names of a branch's preview", () => {
  it("are ones that Pulumi, AWS and the settings take, whatever the branch is called", () => {
    fc.assert(
      fc.property(branches, (branch) => {
        const { stack, environment } = previewNames(branch);
        expect(stack).to.match(/^preview-[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(stack.length).to.be.below(100);
        expect(environment).to.match(/^[a-z][a-z0-9]{1,11}$/);
      }),
    );
  });

  it("are a branch's own, also where only letters differ that a name does not have", () => {
    fc.assert(
      fc.property(branches, branches, (one, other) => {
        fc.pre(one !== other);
        expect(previewNames(one).stack).not.to.equal(previewNames(other).stack);
      }),
    );
    expect(previewNames("fix/book").stack).not.to.equal(previewNames("fix-book").stack);
    expect(previewNames("fix/book")).to.deep.equal(previewNames("fix/book"));
  });

  it("begin with what a reader knows the branch by", () => {
    expect(previewNames("Fix/Order_Book").stack).to.match(/^preview-fix-order-book-[0-9a-f]{8}$/);
  });

  it("are not made up for a commit that is no branch", () => {
    expect(() => previewNames("HEAD")).to.throw(PreviewRefused, "--branch");
  });
});

describe("a preview's time to live", () => {
  it("is in hours or days, and at most two weeks", () => {
    expect(timeToLive("8h").ms).to.equal(8 * HOUR);
    expect(timeToLive("3d").ms).to.equal(72 * HOUR);
    for (const wrong of ["", "8", "0h", "15d", "-1h", "1w", "1.5h", "8hours"])
      expect(() => timeToLive(wrong), wrong).to.throw(PreviewRefused, "--ttl");
  });

  it("is told in two units at most", () => {
    expect([0, 59 * 60_000, 5 * HOUR, 49 * HOUR, -HOUR].map(spanOf)).to.deep.equal([
      "0min",
      "59min",
      "5h",
      "2d 1h",
      "0min",
    ]);
  });

  it("survives being written into tags", () => {
    const written = { branch: "one", by: "ada", createdAt: 1_000, expiresAt: 9_000 };
    expect(previewOf({ name: "preview-one" }, tagsOf(written))).to.deep.include(written);
  });

  it("is over at its end, unless somebody changes the preview just then, and never where it is unknown", () => {
    const preview: Preview = {
      ...{ stack: "preview-one", branch: "one", by: "ada", createdAt: 0, resources: 7 },
      ...{ expiresAt: 9_000, updating: false },
    };
    expect(hasExpired(preview, 8_999)).to.equal(false);
    expect(hasExpired(preview, 9_000)).to.equal(true);
    expect(hasExpired({ ...preview, updating: true }, 9_000)).to.equal(false);
    expect(hasExpired({ ...preview, expiresAt: null }, 9_000)).to.equal(false);
  });

  it("is told beside the preview's age", () => {
    const preview: Preview = {
      ...{ stack: "preview-one", branch: "one", by: "ada", createdAt: 0, resources: 7 },
      ...{ expiresAt: 8 * HOUR, updating: false },
    };
    const [head = "", row = ""] = tellPreviews([preview], 3 * HOUR);
    expect(head).to.match(/^STACK +BRANCH +BY +AGE +LEFT +RESOURCES$/);
    expect(row).to.match(/^preview-one +one +ada +3h +5h +7$/);
    expect(tellPreviews([preview], 8 * HOUR)[1]).to.include("expired");
    expect(tellPreviews([], 0)).to.deep.equal(["no previews"]);
  });
});

describe("a preview's configuration", () => {
  const names = previewNames("one");

  it("is never made of a stack with another profile, or of production's account", () => {
    const configOf = (change: Record<string, unknown>) => (stack: string) =>
      stack === "dev" ? { ...rawStackConfig("dev"), ...change } : rawStackConfig(stack);
    expect(() => previewConfig(names, undefined, configOf({ "castle:profile": "nonproduction" }))).to.throw(
      PreviewRefused,
      "has the profile nonproduction",
    );
    const production = {
      "castle:account": "111122223333",
      "castle:operators": ["arn:aws:iam::111122223333:role/operator"],
    };
    expect(() => previewConfig(names, undefined, configOf(production))).to.throw(
      PreviewRefused,
      "production's account 111122223333",
    );
  });

  it("takes the release that was asked for, and refuses one that moves", () => {
    expect(previewConfig(names, "2.0.0-rc.1").config["castle:release"]).to.equal("2.0.0-rc.1");
    expect(() => previewConfig(names, "latest")).to.throw("castle:release must not be latest");
  });
});
