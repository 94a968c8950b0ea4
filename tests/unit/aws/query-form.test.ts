import { DescribeDBClustersMessage$, FailoverGlobalClusterMessage$ } from "@aws-sdk/client-rds";
import { QueryShapeSerializer } from "@aws-sdk/core/protocols";
import { foldForm, readForm } from "@castle/lab/aws/wire/query-form.ts";
import type { StaticStructureSchema } from "@smithy/types";
import { expect } from "chai";
import fc from "fast-check";

const read = (schema: StaticStructureSchema, form: string) => {
  const folded = foldForm(new URLSearchParams(form));
  if ("givenTwice" in folded) throw new Error(`${folded.givenTwice} is given twice`);
  return readForm(schema, folded);
};

/** As the SDK's clients write a request. */
function written(schema: StaticStructureSchema, value: object): string {
  const serializer = new QueryShapeSerializer({
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: false,
    serializeEmptyLists: true,
  });
  serializer.write(schema, value);
  return Object.keys(value).length === 0 ? "" : serializer.flush().toString();
}

/** Lists of more than nine show whether positions are ordered as numbers. */
const filter = fc.record({ Name: fc.string(), Values: fc.array(fc.string(), { maxLength: 12 }) });
const described = fc.record(
  {
    DBClusterIdentifier: fc.string(),
    Filters: fc.array(filter, { maxLength: 12 }),
    MaxRecords: fc.integer(),
    Marker: fc.string({ unit: "binary" }),
    IncludeShared: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe("readForm", () => {
  it("reads back whatever the SDK writes", () => {
    fc.assert(
      fc.property(described, (value) => {
        const { value: back, problems } = read(
          DescribeDBClustersMessage$,
          written(DescribeDBClustersMessage$, value),
        );
        expect(problems).to.deep.equal([]);
        expect(back).to.deep.equal({ ...value });
      }),
    );
  });

  it("reads booleans in any case of letters", () => {
    expect(read(FailoverGlobalClusterMessage$, "AllowDataLoss=True&Switchover=FALSE").value).to.deep.equal({
      AllowDataLoss: true,
      Switchover: false,
    });
  });

  it("reads a list by position, in whatever order its items come", () => {
    const form = "Filters.Filter.2.Name=b&Filters.Filter.1.Name=a";
    expect(read(DescribeDBClustersMessage$, form).value).to.deep.equal({
      Filters: [{ Name: "a" }, { Name: "b" }],
    });
  });

  for (const [form, ...path] of [
    ["Filter=x", "Filter"],
    ["marker=x", "marker"],
    ["Marker.x=y", "Marker", "x"],
    ["Filters.Filter.1.Nam=x", "Filters", 0, "Nam"],
    ["Filters.Filter.0.Name=x", "Filters", "0"],
    ["Filters.Filter.01.Name=x", "Filters", "01"],
    ["Filters.Filter.1.Name=x&Filters.Filter.3.Name=y", "Filters", "3"],
    ["Filters.Filter.one.Name=x", "Filters", "one"],
    ["Filters.1.Name=x", "Filters", "1"],
    ["__proto__=x", "__proto__"],
    ["constructor.prototype=x", "constructor"],
  ] as const)
    it(`names what it does not know in ${form}`, () => {
      expect(read(DescribeDBClustersMessage$, form).problems).to.deep.equal([{ path, is: "unknown" }]);
    });
});

describe("foldForm", () => {
  it("names a parameter that is given twice", () => {
    expect(foldForm(new URLSearchParams("A.1=x&B=y&A.1=z"))).to.deep.equal({ givenTwice: "A.1" });
  });
});
