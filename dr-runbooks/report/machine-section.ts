import { type Markup, markup } from "@castle/regions/page/markup.ts";
import { formatBytes, formatMs, plural } from "./format.ts";
import type { MachineUse, Report } from "./report.ts";

const columns = [
  "Castle",
  "Kernel",
  "Others",
  "Host",
  "Waited for a core",
  "Waited for a disk",
  "fsync p50",
  "fsync p99",
];

/** Who used the machine, part by part of the drill: what decides whether figures of speed are judged. */
export const machineSection = ({ machine }: Report): Markup => markup`<section>
<h2>Machine</h2>
<p class="note">${plural(machine.cpus, "core")}, ${machine.model}, ${formatBytes(machine.memoryBytes)} of memory. Shares are of what all cores together can do, from the operating system’s own accounts. Castle is every process of the lab, the load generator included; others are all other processes, the kernel works for both, and the host is what withheld cores from a virtual machine. A share of waiting is of the time. fsync is a write of 8 KiB until it is on the disk, twice a second.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">While</th><th scope="col" class="number">Lasted</th>${columns.map((name) => markup`<th scope="col" class="number">${name}</th>`)}<th scope="col">Largest others</th></tr></thead>
<tbody>${machine.idle && row("Before the lab started", null, machine.idle)}${machine.phases.map(({ name, durationMs, use }) => row(name, durationMs, use))}</tbody></table></div>
</section>`;

function row(name: string, durationMs: number | null, use: MachineUse): Markup {
  const { cpu, waiting, fsyncMs } = use;
  const cells = [
    durationMs === null ? UNKNOWN : formatMs(durationMs),
    ...[cpu?.castle, cpu?.kernel, cpu?.others, cpu?.stolen, waiting.cpu, waiting.io].map(percent),
    ...[fsyncMs?.p50, fsyncMs?.p99].map((ms) => (ms === undefined ? UNKNOWN : formatMs(ms))),
  ];
  return markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td class="number">${cell}</td>`)}<td>${largest(use)}</td></tr>`;
}

const UNKNOWN = "–";

const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? UNKNOWN : `${Math.round(share * 100)} %`;

/** Less than a hundredth of the machine is nobody's doing. */
const LEAST_SHARE = 0.01;

const largest = ({ largestOthers }: MachineUse): string =>
  largestOthers
    .filter(({ share }) => share >= LEAST_SHARE)
    .map(({ program, share }) => `${program} ${percent(share)}`)
    .join(", ");
