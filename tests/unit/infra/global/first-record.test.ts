import { readFileSync } from "node:fs";
import { homeRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { parseItem, WITNESS_ITEM } from "@castle/regions/witness/item.ts";
import { WITNESS_KEY } from "@castle/regions/witness/table.ts";
import { expect } from "chai";
import { contextOf } from "../support/cell-context.ts";

describe("the witness's first record, as docs/operations.md writes it", () => {
  const page = readFileSync("docs/operations.md", "utf8");
  const [command = ""] = /aws dynamodb put-item[\s\S]*?\}\}'/.exec(page) ?? [];

  it("is one that every reader of the witness takes: the home cell, alone, in the first epoch", () => {
    const item = JSON.parse(/--item '([\s\S]*)'$/.exec(command)?.[1] ?? "{}");
    expect(item[WITNESS_KEY]).to.deep.equal({ S: WITNESS_ITEM });
    expect(parseItem(item)).to.deep.equal({
      held: {
        revision: 1,
        changedAt: 0,
        record: { epoch: 1, activeRegion: homeRegion, mode: "solo", changedBy: "bootstrap" },
      },
    });
  });

  it("replaces none, and goes to the table and the region that infrastructure makes it in", () => {
    expect(command).to.include(`attribute_not_exists(${WITNESS_KEY})`);
    expect(command).to.include(`--table-name ${contextOf("prd").names.witnessTable} `);
    expect(command).to.include(`--region ${witnessRegion} `);
  });
});
