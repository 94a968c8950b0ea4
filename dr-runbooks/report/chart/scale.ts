/** Maps a value to a coordinate. */
export interface Scale {
  (value: number): number;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

type Span = readonly [number, number];

const scale = (map: (value: number) => number, domain: Span, ticks: readonly number[]): Scale =>
  Object.assign((value: number) => round(map(value)), { domain, ticks });

/** A tenth of a pixel is as fine as anyone sees, and keeps the file small. */
const round = (coordinate: number): number => Math.round(coordinate * 10) / 10;

/** A linear scale with about `wanted` ticks at round distances from `origin`. */
export function linear(domain: Span, range: Span, wanted: number, origin = 0): Scale {
  const [from, to] = domain;
  const width = to - from || 1;
  const every = roundStep(width / wanted);
  const ticks: number[] = [];
  for (let i = Math.ceil((from - origin) / every); origin + i * every <= to + every * 1e-9; i++)
    ticks.push(origin + i * every);
  return scale((value) => range[0] + ((value - from) / width) * (range[1] - range[0]), domain, ticks);
}

/** A logarithmic scale over whole decades, a tick at each; what is below the first lies on its edge. */
export function decades(domain: Span, range: Span): Scale {
  const first = Math.floor(Math.log10(domain[0]));
  const last = Math.max(first + 1, Math.ceil(Math.log10(domain[1])));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const map = (value: number) => {
    const place = Math.min(1, Math.max(0, (Math.log10(Math.max(value, 1e-9)) - first) / (last - first)));
    return range[0] + place * (range[1] - range[0]);
  };
  return scale(map, [10 ** first, 10 ** last], ticks);
}

/** The smallest of 1, 2, 5 × 10ⁿ that is at least `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}
