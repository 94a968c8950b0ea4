import type { Resource } from "../graph/graph.ts";
import { allOf, type Branch, countsOf } from "../graph/tree.ts";

/** The stack as a tree: components with their counts alone, or everything with its marks. */
export function tellTree(branches: readonly Branch[], verbose: boolean): string[] {
  const [root] = branches;
  const orphans = branches.slice(1).map(({ resource }) => `${resource.name} has no parent`);
  return root ? [...below(root, "", verbose), ...orphans] : orphans;
}

function below({ children }: Branch, indent: string, verbose: boolean): string[] {
  const shown = verbose ? children : children.filter(isComponent);
  return shown.flatMap((child, i) => {
    const last = i === shown.length - 1;
    return [
      `${indent}${last ? "└─ " : "├─ "}${label(child)}`,
      ...below(child, `${indent}${last ? "   " : "│  "}`, verbose),
    ];
  });
}

const isComponent = ({ resource }: Branch): boolean => resource.kind === "component";

function label(branch: Branch): string {
  const { resource } = branch;
  if (!isComponent(branch)) return `${resource.name}  ${resource.type}${marks(resource)}`;
  const { resources } = countsOf(allOf(branch));
  return `${resource.name}  ${resource.type.split(":").at(-1)}  ${resources}`;
}

const marks = ({ kind, options }: Resource): string =>
  [
    ...(kind === "remote" ? ["more than one"] : []),
    ...(kind === "read" ? ["only read"] : []),
    ...(options.protect ? ["protected"] : []),
    ...(options.ignoreChanges.length > 0 ? [`leaves ${options.ignoreChanges.join(", ")} alone`] : []),
  ]
    .map((mark) => ` · ${mark}`)
    .join("");
