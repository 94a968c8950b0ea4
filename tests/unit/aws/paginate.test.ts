import { pageOf } from "@castle/lab/aws/paginate.ts";
import { expect } from "chai";
import fc from "fast-check";

const keyOf = (key: string) => key;

function everyPage(items: readonly string[], MaxRecords: number): string[][] {
  const pages: string[][] = [];
  for (let Marker: string | undefined; ; ) {
    const page = pageOf(items, keyOf, { MaxRecords, Marker });
    if (page === null) throw new Error("a page's own marker was refused");
    pages.push([...page.items]);
    if (page.Marker === undefined) return pages;
    Marker = page.Marker;
  }
}

describe("pageOf", () => {
  it("gives every item once, in order, in pages that are full but for the last", () => {
    const keys = fc.uniqueArray(fc.string());
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 7 }), (items, size) => {
        const pages = everyPage(items, size);
        expect(pages.flat()).to.deep.equal([...items].sort());
        for (const page of pages.slice(0, -1)) expect(page).to.have.length(size);
        expect(pages).to.have.length(Math.max(1, Math.ceil(items.length / size)));
      }),
    );
  });

  it("gives 100 when not asked how many", () => {
    const items = Array.from({ length: 101 }, (_, n) => String(n));
    expect(pageOf(items, keyOf, {})?.items).to.have.length(100);
  });

  it("goes on behind an item that has gone meanwhile", () => {
    const { Marker = "" } = pageOf(["a", "b", "c"], keyOf, { MaxRecords: 2 }) ?? {};
    expect(pageOf(["a", "c"], keyOf, { Marker })?.items).to.deep.equal(["c"]);
  });

  for (const Marker of ["", "b", "bm90LW91cnM"])
    it(`refuses a marker that no page ended with: "${Marker}"`, () => {
      expect(pageOf(["a"], keyOf, { Marker })).to.equal(null);
    });
});
