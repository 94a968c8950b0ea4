import { Duration } from "@castle/regions/duration.ts";
import type { TradersTold } from "../traders/traders-view.ts";
import { tellRunning } from "./display.ts";
import type { PartShown } from "./progress.ts";
import type { Meaning, Paint } from "./tell-readiness.ts";
import { tellTraders } from "./tell-traders.ts";

/** Everything that a frame shows. */
export interface FrameOf {
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly now: number;
  readonly parts: readonly PartShown[];
  /** By step: what it waits for. */
  readonly awaiting: ReadonlyMap<string, string>;
  /** The last word of each cell. */
  readonly traders: readonly TradersTold[];
}

export interface FrameSize {
  readonly columns: number;
  /** At least so many that title, next and traders fit. */
  readonly rows: number;
}

interface Line {
  readonly mark: string;
  readonly meaning: Meaning;
  readonly text: string;
}

/** What a terminal shows of a run at one moment, a line each: never wider or higher than the terminal. Pure. */
export function frame(shown: FrameOf, { columns, rows }: FrameSize, paint: Paint): string[] {
  const head: Line = {
    ...{ mark: "", meaning: "strong" },
    text: `${shown.title}  ${Duration.ms(Math.max(0, shown.now - shown.began))}`,
  };
  const foot = [...nextLine(shown.parts), ...tradersLines(shown.traders)];
  const steps = fitted(shown, Math.max(3, rows - 2 - foot.length));
  return [head, ...steps, ...foot].map(({ mark, meaning, text }) => {
    const cut = truncated(text, columns - 1 - (mark === "" ? 0 : mark.length + 1));
    if (mark === "") return paint(meaning, cut);
    return `${paint(meaning, mark)} ${meaning === "quiet" ? paint("quiet", cut) : cut}`;
  });
}

/** All parts where they fit; else what is long done, and what comes late, in a line each; purposes go first. */
function fitted({ parts, now, awaiting }: FrameOf, most: number): Line[] {
  const lines = (shown: readonly PartShown[], explained: boolean): Line[] =>
    shown.flatMap((part) => [
      lineOf(part, now),
      ...(explained && isAtWork(part) ? [told(awaiting.get(part.name) ?? part.purpose)] : []),
    ]);
  for (const explained of [true, false]) {
    const all = lines(parts, explained);
    if (all.length <= most) return all;
  }
  const first = parts.findIndex((part) => !isOver(part));
  const from = first < 0 ? Math.max(0, parts.length - most + 1) : first;
  const behind = parts.slice(from);
  const room = most - (from > 0 ? 1 : 0);
  const late = behind.length > room ? behind.length - room + 1 : 0;
  return [
    ...(from > 0 ? [{ mark: "✓", meaning: "good" as const, text: `${from} done` }] : []),
    ...lines(late > 0 ? behind.slice(0, behind.length - late) : behind, false),
    ...(late > 0 ? [{ mark: "·", meaning: "quiet" as const, text: `${late} more` }] : []),
  ];
}

const isAtWork = ({ state }: PartShown): boolean => state.kind === "runs" || state.kind === "asks";
const isOver = (part: PartShown): boolean => part.state.kind !== "waits" && !isAtWork(part);

const told = (text: string): Line => ({ mark: "    ", meaning: "quiet", text });

const NAME = 26;

function lineOf({ name, branch, usualMs, state }: PartShown, now: number): Line {
  const usually = usualMs === undefined ? "" : `usually ${Duration.ms(usualMs)}`;
  const told = `${branch === null ? "" : "│ "}${name}`.padEnd(NAME);
  const text = (what: string): string => `${told} ${what}`.trimEnd();
  switch (state.kind) {
    case "waits":
      return { mark: "·", meaning: "quiet", text: text(usually) };
    case "runs":
      return {
        ...{ mark: "▶", meaning: "strong" },
        text: text([`since ${tellRunning(state.since, now)}`, usually].filter(Boolean).join(", ")),
      };
    case "asks":
      return { mark: "?", meaning: "doubtful", text: text("waits for approval") };
    case "done":
      return { mark: "✓", meaning: "good", text: text([state.text, usually].filter(Boolean).join(", ")) };
    case "without":
      return { mark: "–", meaning: "doubtful", text: text(state.text) };
    case "failed":
      return { mark: "✗", meaning: "bad", text: text(state.text) };
    default:
      return state satisfies never;
  }
}

/** What comes next: the first that waits behind what is at work. */
function nextLine(parts: readonly PartShown[]): Line[] {
  const from = parts.findIndex(isAtWork);
  const next = parts.find(({ state }, index) => index > from && state.kind === "waits");
  return next ? [{ mark: "", meaning: "quiet", text: `next: ${next.name}. ${next.purpose}` }] : [];
}

const tradersLines = (traders: readonly TradersTold[]): Line[] =>
  traders.map((told, index) => ({
    mark: index === 0 ? "traders" : "       ",
    meaning: "strong",
    text: tellTraders(told),
  }));

function truncated(text: string, columns: number): string {
  const [first = ""] = text.split("\n");
  return first.length <= columns ? first : `${first.slice(0, Math.max(0, columns - 1))}…`;
}
