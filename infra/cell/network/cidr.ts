/** An IPv4 address range: its first address as a number, and the length of its prefix. */
export interface Cidr {
  readonly first: number;
  readonly prefix: number;
}

/** How many addresses are in it. */
export const sizeOf = ({ prefix }: Pick<Cidr, "prefix">): number => 2 ** (32 - prefix);

/** @throws Error that says what is wrong, unless it is a range such as `10.10.0.0/16` that begins where its prefix says. */
export function parseCidr(text: string): Cidr {
  const [, a, b, c, d, length] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text) ?? [];
  const bytes = [a, b, c, d].map(Number);
  const prefix = Number(length);
  if (bytes.some((byte) => !(byte <= 255)) || !(prefix <= 32))
    throw new Error(`"${text}" is no IPv4 range; write it as 10.10.0.0/16`);
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  if (first % sizeOf({ prefix }) !== 0)
    throw new Error(`"${text}" does not begin at a multiple of its size: the range's first address is meant`);
  return { first, prefix };
}

export const formatCidr = ({ first, prefix }: Cidr): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;

/** Whether two ranges share an address. */
export const overlap = (a: Cidr, b: Cidr): boolean =>
  a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a);

/** Whether every address of `inner` is in `outer`. */
export const within = (outer: Cidr, inner: Cidr): boolean =>
  inner.first >= outer.first && inner.first + sizeOf(inner) <= outer.first + sizeOf(outer);

/** The fewest ranges, in order, that hold every address from `from` to before `to` and no other. */
export function fill(from: number, to: number): Cidr[] {
  const ranges: Cidr[] = [];
  for (let first = from; first < to; ) {
    let prefix = 32;
    while (prefix > 0 && first % 2 ** (33 - prefix) === 0 && first + 2 ** (33 - prefix) <= to) prefix -= 1;
    ranges.push({ first, prefix });
    first += sizeOf({ prefix });
  }
  return ranges;
}

export const halves = ({ first, prefix }: Cidr): [Cidr, Cidr] => [
  { first, prefix: prefix + 1 },
  { first: first + 2 ** (31 - prefix), prefix: prefix + 1 },
];
