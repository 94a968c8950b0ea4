import type { Command } from "commander";
import type { LabStatus } from "../status.ts";
import type { ControlCommand } from "./control.ts";

const examples = `
Examples:
  castle lab up                        both regions on this machine, ready to trade on
  castle lab up --rtt 80 --symbols BTCUSDT,ETHUSDT
  castle lab status
  castle lab kill eu-west-1            every process of the region, at once
  castle lab restore eu-west-1         it comes back, as standby if the role has moved
  castle lab link stall journal        nothing arrives any more, and nobody is told
  castle lab link resume journal
  castle lab down                      nothing is left behind
`;

/** `castle lab …`: two regions on this machine, and what befalls them. Modules are loaded when a command runs. */
export function registerLabCommands(program: Command): void {
  const lab = program
    .command("lab")
    .description("two regions on this machine: real databases and services, and what befalls them")
    .addHelpText("after", examples);

  lab
    .command("up")
    .description("start both cells and keep them running; prints addresses and a signed order to copy")
    .option("--rtt <ms>", "round-trip time between the regions (20)")
    .option("--symbols <names>", "markets, separated by commas (BTCUSDT,ETHUSDT,SOLUSDT)")
    .option("--folder <path>", "private folder, new or empty, removed in the end (a temporary one)")
    .option("--api-port <port>", "port of the API (a free one)")
    .option("--stream-port <port>", "port of the streams (a free one)")
    .option("--timing <timing>", "how long changes take in AWS: instant, or aws, as there (instant)")
    .option("--keep", "leave the folder, with logs and data, behind")
    .option("--foreground", "stay, and end with Ctrl-C")
    .action(async (given: Record<string, unknown>) => {
      const { labOptions } = await import("./input.ts");
      const options = labOptions(given);
      const { up, upInForeground } = await import("./up.ts");
      process.exitCode = await (given.foreground === true ? upInForeground(options) : up(options));
    });

  lab
    .command("down")
    .description("end the lab of this directory")
    .action(async () => {
      await ask({ kind: "down" });
      process.stdout.write("the lab is down\n");
    });

  lab
    .command("status")
    .description("cells, roles, processes, memory, link")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const status = (await ask({ kind: "status" })) as LabStatus;
      const { statusText } = await import("./text.ts");
      process.stdout.write(json ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
    });

  registerRegionCommands(lab);
  registerLinkCommands(lab);
}

function registerRegionCommands(lab: Command): void {
  for (const [action, description] of [
    ["kill", "SIGKILL every process of the region at once"],
    ["freeze", "stop every process of the region where it is; its connections stay open"],
    ["thaw", "let a frozen region go on"],
    ["restore", "bring a killed region back"],
  ] as const)
    lab
      .command(action)
      .argument("<region>")
      .description(description)
      .action(async (name: string) => {
        const { regionNamed } = await import("./input.ts");
        await carryOut({ kind: "region", action, region: regionNamed(name) });
      });
}

function registerLinkCommands(lab: Command): void {
  const link = lab.command("link").description("the link between the regions, and its faults");
  for (const [action, argument, description] of [
    [
      "cut",
      "[channel]",
      "break every connection and refuse new ones; without a channel, all between the cells",
    ],
    ["heal", "[channel]", "the reverse"],
    ["stall", "<channel>", "hold everything back, and tell nobody"],
    ["resume", "<channel>", "deliver what was held back"],
  ] as const)
    link
      .command(action)
      .argument(argument, "replication, journal, redis or witness")
      .description(description)
      .action(async (name?: string) => {
        const { channelNamed } = await import("./input.ts");
        await carryOut({ kind: "link", action, channels: [...channelNamed(name)] });
      });
  link
    .command("rtt")
    .argument("<ms>")
    .description("set the round-trip time")
    .action(async (ms: string) => {
      const { roundTrip } = await import("./input.ts");
      await carryOut({ kind: "round-trip", ms: roundTrip(ms) });
    });
}

async function carryOut(order: ControlCommand): Promise<void> {
  await ask(order);
  process.stdout.write("done\n");
}

async function ask(order: ControlCommand): Promise<unknown> {
  const { command } = await import("./control-client.ts");
  return command(process.cwd(), order);
}
