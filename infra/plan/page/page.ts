import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { regionNames, regions } from "@castle/regions/catalogue.ts";
import { Markup, markup } from "@castle/regions/page/markup.ts";
import { pageStyle } from "@castle/regions/page/style.ts";
import type { Resource, StackGraph } from "../graph/graph.ts";
import { countsOf, treeOf } from "../graph/tree.ts";
import { type Plan, planHolds } from "../plan.ts";
import { tellTree } from "../tell/tree.ts";
import { type Architecture, architectureOf } from "./architecture.ts";
import { type Cell, picture } from "./picture.ts";
import { checksSection, comparisonSection } from "./sections.ts";
import { planStyle } from "./style.ts";

const client = readFileSync(new URL("./client.js", import.meta.url), "utf8");

/** The plan as one HTML file that asks nothing of the network; the picture and the tables are there without scripts. */
export function renderPlan(plan: Plan): string {
  const cells = plan.stacks.map(cellOf);
  const architecture = architectureOf(plan.stacks);
  const hash = createHash("sha256").update(client).digest("base64");
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'">
<title>Plan of ${cells.map(({ stack }) => stack).join(" and ")} · Castle</title>
<style>${new Markup(pageStyle + planStyle)}</style>
</head>
<body>
${header(plan, cells)}
<main>
<section><h2>The architecture</h2>
<p class="note">Drawn from what the program asks for. An arrow points at what is needed. Choose a box for everything in it.</p>
<div class="scroll">${picture(architecture, cells)}</div>
<p class="legend"><span>solid: needs, by dependencies of its resources</span><span>dashed: is told of it by the stack's settings, and waits for nothing</span><span>lines to the ground show when a box is chosen: blue needs, orange is needed by</span></p></section>
<section id="inside"><div class="tools"><label for="search">Search</label><input id="search" type="search" placeholder="name, type, property or value" autocomplete="off"><output id="found"></output></div><h2>Inside</h2><div id="resources"><p class="note">Choose a box, or search.</p></div></section>
${checksSection(plan)}
${plan.comparison ? comparisonSection(plan.comparison) : null}
${plan.stacks.map(treeSection)}
</main>
<footer>Made on ${plan.madeAt} in ${plan.seconds.toFixed(1)} s, without an account. The same, for machines, stands in plan.json beside this file.</footer>
<script type="application/json" id="plan-data">${new Markup(dataOf(architecture))}</script>
<script>${new Markup(client)}</script>
</body>
</html>
`.text;
}

function header(plan: Plan, cells: readonly Cell[]): Markup {
  const holds = planHolds(plan);
  const all = plan.stacks.flatMap(({ resources }) => resources);
  const counts = countsOf(all);
  const { comparison } = plan;
  const figures: [string, string, string, boolean][] = [
    [
      String(counts.resources),
      "resources",
      `in ${counts.components} components, ${counts.protected} protected`,
      false,
    ],
    [
      `${plan.seconds.toFixed(1)} s`,
      "to plan",
      `${cells.map(({ stack }) => stack).join(" and ")}, side by side`,
      false,
    ],
    [String(plan.findings.length), "findings", "of the checks below", plan.findings.length > 0],
    ...(comparison
      ? ([
          [
            String(comparison.unexplained.length),
            "unexplained differences",
            `between the cells, in ${comparison.properties} properties`,
            comparison.unexplained.length + comparison.unused.length > 0,
          ],
        ] satisfies [string, string, string, boolean][])
      : []),
  ];
  return markup`<header>
<p class="eyebrow">Castle · plan of ${cells.map(({ stack, where }) => `${stack} (${where})`).join(" and ")}</p>
<h1>What a deployment would make <span class="verdict ${holds ? "pass" : "fail"}">${holds ? "✓ holds" : "✗ fails"}</span></h1>
<ul class="figures">${figures.map(([value, name, note, bad]) => markup`<li><strong class="${bad ? "bad" : "good"}">${value}</strong><span>${name}</span><small>${note}</small></li>`)}</ul>
</header>`;
}

const treeSection = (graph: StackGraph): Markup =>
  markup`<section><h2>Everything in ${graph.stack}</h2><details><summary>${countsOf(graph.resources).resources} resources as a tree</summary><pre class="tree">${tellTree(treeOf(graph), true).join("\n")}</pre></details></section>`;

/** Where a stack's own provider says it is. */
function cellOf({ stack, resources }: StackGraph): Cell {
  const regionOf = ({ kind, inputs }: Resource) => (kind === "provider" ? inputs.region : undefined);
  const name = regionNames.find((known) => resources.some((resource) => regionOf(resource) === known));
  return { stack, where: name ? `${name}, ${regions[name].city}` : "no region of ours" };
}

/** What the script shows. A script element ends at the first sign of its end, whatever it holds. */
const dataOf = ({ boxes }: Architecture): string =>
  JSON.stringify(
    boxes.map(({ id, stack, label, resources }) => ({ id, stack, label, resources: resources.map(shown) })),
  ).replaceAll("<", "\\u003c");

const shown = ({ name, type, kind, inputs, options }: Resource) => ({
  name,
  type,
  inputs,
  options: Object.fromEntries(Object.entries(options).filter(([, value]) => !isNothing(value))),
  marks: [
    ...(kind === "remote" ? ["more than one"] : []),
    ...(kind === "read" ? ["only read"] : []),
    ...(options.protect ? ["protected"] : []),
  ],
});

const isNothing = (value: unknown): boolean =>
  value === null || value === false || (typeof value === "object" && Object.keys(value).length === 0);
