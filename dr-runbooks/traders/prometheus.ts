/** One line of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The samples whose names begin with one of `prefixes`, of a gateway's whole text. Lines that are none are passed over. */
export function samplesOf(text: string, prefixes: readonly string[]): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    if (!prefixes.some((prefix) => line.startsWith(prefix))) continue;
    const [, name = "", labels = "", value = ""] = LINE.exec(line) ?? [];
    const number = value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value);
    if (name === "" || Number.isNaN(number)) continue;
    samples.push({ name, labels: labelsOf(labels), value: number });
  }
  return samples;
}

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(LABEL)].map(([, name = "", value = ""]) => [name, value]));
