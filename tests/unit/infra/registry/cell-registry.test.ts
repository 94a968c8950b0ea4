import { serviceNames } from "@castle/services/catalogue.ts";
import { expect } from "chai";
import { CellRegistry } from "../../../../infra/cell/registry/cell-registry.ts";
import { contextOf } from "../support/cell-context.ts";
import { keyOfTests } from "../support/made-up.ts";
import { record } from "../support/recorded.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration";

const build = async (stack: string) => {
  let repositories: readonly string[] = [];
  const recording = await record(() => {
    ({ repositories } = new CellRegistry("cell", { context: contextOf(stack), keys: keyOfTests }));
  });
  return { recording, repositories };
};

describe("a cell's registry", () => {
  it("has a repository for each service of the catalogue, by the same names in both regions", async () => {
    for (const stack of ["prd", "dr"]) {
      const { recording, repositories } = await build(stack);
      const names = serviceNames.map((service) => `castle/production/${service}`);
      expect(recording.ofType(REPOSITORY).map(({ inputs }) => inputs["name"])).to.deep.equal(names);
      expect(repositories).to.deep.equal(names);
    }
  });

  it("never changes what a tag means, looks for known holes, and encrypts with the cell's key", async () => {
    for (const { inputs, protect } of (await build("prd")).recording.ofType(REPOSITORY)) {
      expect(inputs).to.deep.include({
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyOfTests.keyArn }],
        forceDelete: false,
      });
      expect(protect).to.equal(true);
    }
  });

  it("is copied from the home region to the peer's, with nothing of other environments", async () => {
    const { inputs } = (await build("prd")).recording.one(REPLICATION);
    expect(inputs["replicationConfiguration"]).to.deep.equal({
      rules: [
        {
          destinations: [{ region: "eu-central-1", registryId: "111122223333" }],
          repositoryFilters: [{ filterType: "PREFIX_MATCH", filter: "castle/production/" }],
        },
      ],
    });
  });

  it("is copied by no other stack: what is copied is said once for a whole account and region", async () => {
    for (const stack of ["dr", "stg", "dev"])
      expect((await build(stack)).recording.ofType(REPLICATION), stack).to.deep.equal([]);
  });

  it("forgets untagged images first, and keeps two hundred releases", async () => {
    const [{ inputs } = { inputs: {} as Record<string, unknown> }] = (await build("prd")).recording.ofType(
      "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    );
    const { rules } = JSON.parse(String(inputs["policy"]));
    expect(
      rules.map(({ selection }: { selection: Record<string, unknown> }) => [
        selection["tagStatus"],
        selection["countNumber"],
      ]),
    ).to.deep.equal([
      ["untagged", 14],
      ["tagged", 200],
    ]);
  });
});
