/** Of quantities as Kubernetes writes them, the forms that resources of nodes and containers come in. */

/** `500m` is half a core, `1.5` one and a half. Thousandths of a core. @throws Error for what is no quantity of cores */
export function millicores(quantity: string): number {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity);
  if (!match) throw new Error(`"${quantity}" is no quantity of cores, such as 2, 0.5 or 500m`);
  return Number(match[1]) * (match[2] === "m" ? 1 : 1_000);
}

const BYTES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** `512Mi`. Bytes. @throws Error for what is no quantity of memory */
export function bytes(quantity: string): number {
  const match = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?$/.exec(quantity);
  const unit = match && BYTES[match[2] ?? ""];
  if (!unit) throw new Error(`"${quantity}" is no quantity of memory, such as 512Mi or 2Gi`);
  return Number(match[1]) * unit;
}
