import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A `pulumi` that keeps stacks and their tags in a folder and makes nothing: enough for the Automation API to be asked
 * through, as it asks the real one.
 */
const SCRIPT = `#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/asked"
stack=; before=
for word in "$@"; do [ "$before" = --stack ] && stack=$word; before=$word; done
missing() { echo "error: no stack named '$1' found" >&2; exit 255; }
case "$1 $2" in
  "version "*) cat "$here/version" ;;
  "stack select") [ -d "$here/stacks/$stack" ] || missing "$stack" ;;
  "stack init") mkdir "$here/stacks/$3" ;;
  "stack ls")
    list=
    for found in "$here"/stacks/*/; do
      [ -d "$found" ] && list="$list,{\\"name\\":\\"$(basename "$found")\\",\\"current\\":false,\\"resourceCount\\":7}"
    done
    echo "[\${list#,}]" ;;
  "stack tag")
    if [ "$3" = set ]; then printf '"%s":"%s"\\n' "$4" "$5" >> "$here/stacks/$stack/tags"
    else echo "{$(paste -sd, "$here/stacks/$stack/tags" 2>/dev/null)}"; fi ;;
  "stack output") echo '{"endpoint":"cell.example"}' ;;
  "stack history") echo '[]' ;;
  "stack rm") for last in "$@"; do case $last in preview-*) rm -r "$here/stacks/$last" ;; esac; done ;;
  "up "*) echo "made" ; [ ! -e "$here/fails" ] ;;
  "destroy "*) [ ! -e "$here/fails-$stack" ] || { echo "error: a bucket is not empty" >&2; exit 255; } ;;
  *) echo "the stand-in knows no pulumi $*" >&2; exit 1 ;;
esac
`;

export class FakePulumi {
  /** Where Pulumi.yaml is. */
  readonly project: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "castle-fake-pulumi-"));
  readonly #path = process.env["PATH"] ?? "";

  /** From now on it is the one on the PATH. */
  constructor(version = "v3.276.0") {
    this.project = join(this.#folder, "project");
    mkdirSync(this.project);
    mkdirSync(join(this.#folder, "stacks"));
    copyFileSync("Pulumi.yaml", join(this.project, "Pulumi.yaml"));
    writeFileSync(join(this.#folder, "version"), version);
    writeFileSync(join(this.#folder, "pulumi"), SCRIPT);
    chmodSync(join(this.#folder, "pulumi"), 0o755);
    process.env["PATH"] = `${this.#folder}:${this.#path}`;
  }

  /** Every command it was given, a line each. */
  get asked(): readonly string[] {
    const path = join(this.#folder, "asked");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  }

  stackWithoutTags(name: string): void {
    mkdirSync(join(this.#folder, "stacks", name));
  }

  failsToMake(): void {
    writeFileSync(join(this.#folder, "fails"), "");
  }

  failsToDestroy(stack: string): void {
    writeFileSync(join(this.#folder, `fails-${stack}`), "");
  }

  remove(): void {
    process.env["PATH"] = this.#path;
    rmSync(this.#folder, { recursive: true });
  }
}
