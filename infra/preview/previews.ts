import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { LocalWorkspace, Stack, type StackSettings } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";
import { pulumiCli } from "./cli.ts";
import { PREFIX } from "./names.ts";
import { type Preview, previewOf } from "./preview.ts";
import type { StackConfig } from "./preview-config.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

type Hear = (text: string) => void;

/** The previews' stacks, through Pulumi's Automation API. */
export class Previews {
  readonly #workspace: LocalWorkspace;
  readonly #folder: string;
  readonly #hear: Hear;

  private constructor(workspace: LocalWorkspace, folder: string, hear: Hear) {
    this.#workspace = workspace;
    this.#folder = folder;
    this.#hear = hear;
  }

  /**
   * @param folder where Pulumi.yaml is. @param hear is told what Pulumi says while it works
   * @throws PreviewRefused without a Pulumi CLI
   */
  static async open(
    hear: Hear,
    { folder = ROOT, secretsProvider }: { readonly folder?: string; readonly secretsProvider?: string } = {},
  ): Promise<Previews> {
    const pulumiCommand = await pulumiCli();
    const workspace = await LocalWorkspace.create({
      workDir: folder,
      pulumiCommand,
      ...(secretsProvider === undefined ? {} : { secretsProvider }),
    });
    return new Previews(workspace, folder, hear);
  }

  /** Every preview that the backend knows, by name. */
  async all(): Promise<Preview[]> {
    const stacks = await this.#workspace.listStacks();
    const previews: Preview[] = [];
    for (const stack of stacks.filter(({ name }) => name.startsWith(PREFIX)))
      previews.push(previewOf(stack, await this.#workspace.listTags(stack.name)));
    return previews.sort((a, b) => a.stack.localeCompare(b.stack));
  }

  /**
   * Makes or updates a preview. Its tags are written first: whatever comes of the rest, it will be found and ended.
   * @returns its outputs, secrets left out
   */
  async up(
    name: string,
    config: StackConfig,
    tags: Readonly<Record<string, string>>,
  ): Promise<Record<string, unknown>> {
    const stack = await Stack.createOrSelect(name, this.#workspace);
    for (const [key, value] of Object.entries(tags)) await this.#workspace.setTag(name, key, value);
    await this.#workspace.saveStackSettings(name, { ...this.#secretsOf(name), config } as StackSettings);
    const { outputs } = await stack.up({ onOutput: this.#hear });
    return Object.fromEntries(
      Object.entries(outputs).flatMap(([key, { value, secret }]) => (secret ? [] : [[key, value]])),
    );
  }

  /** Destroys all that a preview made, and then forgets the stack; a failure keeps the stack, to be tried again. */
  async reap(name: string): Promise<void> {
    if (!name.startsWith(PREFIX)) throw new Error(`${name} is no preview`);
    const stack = await Stack.select(name, this.#workspace);
    await stack.destroy({ onOutput: this.#hear, remove: true });
  }

  /** How the stack's secrets are encrypted, which its file holds beside the configuration. */
  #secretsOf(name: string): Record<string, unknown> {
    const path = `${this.#folder}/Pulumi.${name}.yaml`;
    if (!existsSync(path)) return {};
    const {
      secretsprovider: secretsProvider,
      encryptedkey: encryptedKey,
      encryptionsalt: encryptionSalt,
    } = (parse(readFileSync(path, "utf8")) ?? {}) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries({ secretsProvider, encryptedKey, encryptionSalt }).filter(
        ([, value]) => value !== undefined,
      ),
    );
  }
}
