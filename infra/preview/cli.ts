import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { PreviewRefused } from "./refused.ts";

/** From this version on a bucket holds a stack's tags, too, in which a preview's time to live stands. */
const NEEDED = "3.211.0";

/** @throws PreviewRefused when there is no Pulumi on the PATH, or an old one */
export async function pulumiCli(): Promise<PulumiCommand> {
  const command = await PulumiCommand.get().catch((cause: unknown) => {
    const said = cause instanceof Error ? cause.message : String(cause);
    const absent = /ENOENT/.test(said);
    throw refused(
      absent ? "the Pulumi CLI (pulumi) is not on the PATH" : `the Pulumi CLI is of no use: ${said.trim()}`,
      cause,
    );
  });
  if (command.version && command.version.compare(NEEDED) < 0)
    throw refused(`the Pulumi CLI on the PATH is ${command.version}`, undefined);
  return command;
}

const refused = (what: string, cause: unknown): PreviewRefused =>
  new PreviewRefused(
    `${what}; previews need ${NEEDED} or newer. For one command: npx --package pulumi -- npx castle preview list; for good: npm install --global pulumi`,
    { cause },
  );
