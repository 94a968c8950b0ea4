import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NoLab, readPointer, removePointer, writePointer } from "@castle/lab/cli/pointer.ts";
import { expect } from "chai";

describe("the pointer to a running lab", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "castle-test-"));
    path = join(directory, ".castle", "lab.json");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(content: string): void {
    mkdirSync(join(directory, ".castle"), { recursive: true });
    writeFileSync(path, content);
  }

  it("leads to the lab of this directory", () => {
    writePointer(directory, "/the/folder");
    expect(readPointer(directory)).to.nested.include({
      folder: "/the/folder",
      "supervisor.pid": process.pid,
    });
  });

  it("is not there when no lab was started, and the error says how to start one", () => {
    expect(() => readPointer(directory)).to.throw(NoLab, /castle lab up/);
  });

  it("is removed, and the error says so, when its supervisor is gone", () => {
    writePointer(directory, "/the/folder");
    const pointer = JSON.parse(readFileSync(path, "utf8"));
    // The pid lives, but it is another process's by now.
    write(JSON.stringify({ ...pointer, supervisor: { ...pointer.supervisor, started: "long ago" } }));
    expect(() => readPointer(directory)).to.throw(NoLab, /is gone.*has been removed/);
    expect(existsSync(path)).to.equal(false);
  });

  it("is removed when it is none", () => {
    write("{");
    expect(() => readPointer(directory)).to.throw(NoLab, /removed/);
    expect(existsSync(path)).to.equal(false);
  });

  it("stays when a lab that it does not lead to goes down", () => {
    writePointer(directory, "/another/folder");
    removePointer(directory, "/the/folder");
    expect(readPointer(directory).folder).to.equal("/another/folder");
    removePointer(directory, "/another/folder");
    expect(existsSync(path)).to.equal(false);
  });
});
