import { homeRegion, peerOf, regions } from "@castle/regions/catalogue.ts";
import { previewHandover } from "../runbooks/preview.ts";
import { exitCode, reportError } from "./exit.ts";
import { findTarget } from "./find-target.ts";
import { handOverCommand } from "./handover-command.ts";
import type { FailbackFlags } from "./register-operations.ts";

/** `castle failback`: a switchover to the home region of the catalogue. @returns the exit code */
export async function failbackCommand(flags: FailbackFlags): Promise<number> {
  try {
    const target = await findTarget(flags);
    const { decision } = await previewHandover(target, {
      kind: "switchover",
      to: homeRegion,
      consentToLoss: false,
    });
    if (decision.kind === "refuse") return refused(decision.refusal, decision.because);
    if (flags.dryRun)
      return (await import("./dry-run-command.ts")).dryRunCommand("switchover", { ...flags, to: homeRegion });
    if (!flags.json)
      process.stdout.write(
        `the role goes home, from ${peerOf(homeRegion)} to ${homeRegion} (${regions[homeRegion].city}), without loss:\n`,
      );
  } catch (error) {
    return reportError(error);
  }
  return handOverCommand("switchover", { ...flags, to: homeRegion });
}

function refused(refusal: string, because: string): number {
  switch (refusal) {
    case "already-active-there":
      process.stderr.write(`castle: the role is at home already, in ${homeRegion}: there is nothing to do\n`);
      return exitCode.failed;
    case "solo-needs-consent":
      process.stderr.write(
        `castle: ${homeRegion} is not ready to take the role, since the cells are not paired; bring it back first: castle rejoin --region ${homeRegion}\n`,
      );
      return exitCode.failed;
    default:
      return reportError(new Error(because));
  }
}
