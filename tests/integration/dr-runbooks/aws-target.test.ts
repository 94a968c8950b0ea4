import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { saveOutputs } from "@castle/dr-runbooks/stack/saved-outputs.ts";
import { expect } from "chai";
import { stacksOfTests } from "../../unit/dr-runbooks/support/outputs-of-tests.ts";
import { castle, type Ended } from "./support/castle.ts";

const AWS = ["--target", "aws", "--stack", "prd"];

/** Nobody is signed in, on whatever machine this runs: no request is ever signed, and none leaves. */
const NOBODY = {
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};

describe("the command line, for a Castle on AWS", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "castle-aws-"));
    await saveOutputs(join(folder, "saved"), {
      savedAt: "2026-11-01T00:00:00.000Z",
      stacks: stacksOfTests(),
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> => {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
    return castle(args, folder, { ...Object.fromEntries(own), ...NOBODY, ...environment });
  };
  const saved = [...AWS, "--outputs", "saved"];

  /** Stands in for the Pulumi CLI: tells the outputs of a stack, or whatever `does` does. */
  function pulumi(does = ""): Record<string, string> {
    const bin = mkdtempSync(join(folder, "bin-"));
    for (const [stack, outputs] of Object.entries(stacksOfTests()))
      writeFileSync(join(bin, `${stack}.json`), JSON.stringify(outputs));
    writeFileSync(
      join(bin, "pulumi"),
      `#!/bin/sh\n${does}\nwhile [ "$1" != --stack ]; do shift; done\ncat "${bin}/$2.json"\n`,
    );
    chmodSync(join(bin, "pulumi"), 0o755);
    return { PATH: `${bin}${delimiter}${process.env.PATH}` };
  }

  describe("that nobody is signed in to", () => {
    const ended: Record<string, Ended> = {};
    before(async () => {
      const commands = {
        status: ["status"],
        readiness: ["readiness", "--json"],
        "dry-run": ["failover", "--to", "eu-central-1", "--dry-run"],
        failover: ["failover", "--to", "eu-central-1"],
        unattended: ["failover", "--to", "eu-central-1", "--yes"],
        runs: ["runs"],
      };
      await Promise.all(
        Object.entries(commands).map(async ([name, args]) => {
          ended[name] = await run([...saved, ...args]);
        }),
      );
    });

    it("shows everything as unreachable, and why", () => {
      expect(ended.status?.out).to.match(/witness: unreachable .*Could not load credentials/);
      expect(ended.status?.out).to.match(
        /database {2}unreachable \(the credentials of eu-west-1 cannot be read/,
      );
    });

    it("is not ready: what cannot be seen is unknown, within a minute", () => {
      const { ready, ms, checks } = JSON.parse(ended.readiness?.out ?? "{}");
      expect(ended.readiness?.code).to.equal(1);
      expect({ ready, quick: ms < 60_000 }).to.deep.equal({ ready: false, quick: true });
      const outcomes = Object.fromEntries(
        checks.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]),
      );
      expect(outcomes).to.include({
        ...{ witness: "unknown", epochs: "unknown", mode: "unknown", "database-replication": "unknown" },
        ...{ "edge-endpoints": "unknown", secrets: "unknown", quotas: "unknown", "runner-reach": "holds" },
      });
    });

    for (const name of ["dry-run", "failover"])
      it(`begins nothing (${name})`, () => {
        expect(ended[name]?.code).to.equal(1);
        expect(ended[name]?.errors).to.match(
          /the credentials of eu-central-1 cannot be read: .*nothing was begun/,
        );
        expect(existsSync(join(folder, "saved", "runs"))).to.equal(false);
      });

    it("lets nobody agree ahead", () => {
      expect(ended.unattended?.code).to.equal(2);
      expect(ended.unattended?.errors).to.match(/--yes/);
    });

    it("is told by which outputs it went, how old they are, and that nobody knows who acts", () => {
      expect(ended.status?.errors).to.match(
        /outputs of prd as they were \d+ days ago .*--outputs names them/,
      );
      expect(ended.status?.errors).to.contain("who this acts as cannot be told");
    });

    it("lists what was run by its own records, and says that it cannot tell who holds the claim", () => {
      expect(ended.runs).to.include({ code: 0, out: "nothing was run yet\n" });
      expect(ended.runs?.errors).to.contain("who holds the claim cannot be told");
    });
  });

  it("asks Pulumi, and saves what it told for the day when it does not", async () => {
    const showing = await run([...AWS, "target", "show"], pulumi());
    expect(showing).to.include({ code: 0 });
    expect(showing.out).to.contain("prd: AWS account 123456789012");
    expect(showing.errors).not.to.contain("as they were");
    expect(await run([...AWS, "target", "save"], pulumi())).to.include({ code: 0 });
    const without = await run([...AWS, "runs"], pulumi("echo 'error: the state cannot be read' >&2; exit 1"));
    expect(without).to.include({ code: 0 });
    expect(without.errors).to.match(/less than a minute ago .*error: the state cannot be read/);
  });
});
