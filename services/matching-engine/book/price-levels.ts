import type { Amount } from "../../kernel/domain/amount.ts";
import type { Side } from "../../kernel/domain/command.ts";
import { NO_ROW, type Row } from "./row.ts";

/** All orders of one side at one price, oldest first. */
export interface PriceLevel {
  readonly side: Side;
  readonly price: Amount;
  /** What remains of its orders, summed. */
  quantity: Amount;
  first: Row;
  last: Row;
}

/** Most entries of a node: a search in one reads few cache lines, an insertion moves few entries. */
const FANOUT = 64;

interface Leaf {
  readonly keys: number[];
  readonly levels: PriceLevel[];
}

/** `keys[n]` divides `children[n - 1]` from `children[n]`; nothing divides on the left, so `keys[0]` says nothing. */
interface Branch {
  readonly keys: number[];
  readonly children: Node[];
}

type Node = Leaf | Branch;

/**
 * The price levels of one side, sorted: a B+-tree. Finding, adding and deleting a level costs the logarithm of their
 * number; near the best price, where most changes are, it costs one search in the last leaf.
 *
 * A node is split when it is too full and freed when it is empty, never merged: so there are no more nodes than levels,
 * and the height is that of the most levels there ever were. (Johnson and Shasha 1993, "B-trees with inserts and
 * deletes: why free-at-empty is better than merge-at-half".)
 */
export class PriceLevels {
  readonly #side: Side;
  #root: Node;
  /** Where the best levels are. */
  #lastLeaf: Leaf;

  constructor(side: Side) {
    this.#side = side;
    this.#root = this.#lastLeaf = { keys: [], levels: [] };
  }

  get best(): PriceLevel | undefined {
    const { levels } = this.#lastLeaf;
    return levels[levels.length - 1];
  }

  /** The level of a price; a new one if there was none. */
  at(price: Amount): PriceLevel {
    const key = this.#keyOf(price);
    const { keys, levels } = this.#leafOf(key);
    const at = firstNotBelow(keys, key);
    const there = levels[at];
    if (there && keys[at] === key) return there;
    const level: PriceLevel = { side: this.#side, price, quantity: 0n, first: NO_ROW, last: NO_ROW };
    insert(keys, at, key);
    insert(levels, at, level);
    if (keys.length > FANOUT) this.#splitTo(key);
    return level;
  }

  /** Takes out a level that is there. */
  delete(level: PriceLevel): void {
    const key = this.#keyOf(level.price);
    const { keys, levels } = this.#leafOf(key);
    const at = firstNotBelow(keys, key);
    remove(keys, at);
    remove(levels, at);
    if (keys.length === 0) this.#freeTo(key);
  }

  /** Levels from the best price on. */
  *bestFirst(): Generator<PriceLevel> {
    for (const { levels } of leavesFromLast(this.#root))
      for (let at = levels.length - 1; at >= 0; at -= 1) yield levels[at] as PriceLevel;
  }

  /** Numbers compare and pack better than bigints; the best price of either side has the highest. */
  #keyOf(price: Amount): number {
    const key = toNumber(price);
    return this.#side === "BUY" ? key : -key;
  }

  #leafOf(key: number): Leaf {
    const first = this.#lastLeaf.keys[0];
    if (first !== undefined && first <= key) return this.#lastLeaf;
    let node = this.#root;
    while ("children" in node) node = node.children[childOf(node, key)] as Node;
    return node;
  }

  #splitTo(key: number): void {
    const right = splitTo(this.#root, key);
    if (right) this.#root = { keys: [-Infinity, right.keys[0] as number], children: [this.#root, right] };
    this.#lastLeaf = lastLeafOf(this.#root);
  }

  #freeTo(key: number): void {
    if (!("children" in this.#root)) return;
    freeTo(this.#root, key);
    while ("children" in this.#root && this.#root.children.length === 1)
      this.#root = this.#root.children[0] as Node;
    this.#lastLeaf = lastLeafOf(this.#root);
  }
}

/** Splits nodes that are too full on the way to `key`; returns the new right half of `node`, if it was one of them. */
function splitTo(node: Node, key: number): Node | null {
  if ("children" in node) {
    const at = childOf(node, key);
    const right = splitTo(node.children[at] as Node, key);
    if (!right) return null;
    insert(node.keys, at + 1, right.keys[0] as number);
    insert(node.children, at + 1, right);
  }
  if (node.keys.length <= FANOUT) return null;
  const half = FANOUT / 2;
  const keys = node.keys.splice(half);
  return "children" in node
    ? { keys, children: node.children.splice(half) }
    : { keys, levels: node.levels.splice(half) };
}

/** Takes empty nodes out on the way to `key`. */
function freeTo(branch: Branch, key: number): void {
  const at = childOf(branch, key);
  const child = branch.children[at] as Node;
  if ("children" in child) freeTo(child, key);
  if (child.keys.length > 0) return;
  remove(branch.keys, at);
  remove(branch.children, at);
}

const word = new BigInt64Array(1);
const halves = new Uint32Array(word.buffer);

/** `Number(price)` for prices from 0 to 2^53, which V8 leaves to a slow path of its own: ten times the time. */
function toNumber(price: Amount): number {
  word[0] = price;
  return (halves[1] as number) * 2 ** 32 + (halves[0] as number);
}

function lastLeafOf(root: Node): Leaf {
  let node = root;
  while ("children" in node) node = node.children[node.children.length - 1] as Node;
  return node;
}

function* leavesFromLast(node: Node): Generator<Leaf> {
  if (!("children" in node)) yield node;
  else
    for (let at = node.children.length - 1; at >= 0; at -= 1)
      yield* leavesFromLast(node.children[at] as Node);
}

/** Which child `key` is, or belongs, below. */
function childOf({ keys }: Branch, key: number): number {
  let low = 1;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as number) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function firstNotBelow(keys: readonly number[], key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As `splice` does, without the array that it returns. */
function insert<Item>(items: Item[], at: number, item: Item): void {
  items.push(item);
  for (let to = items.length - 1; to > at; to -= 1) items[to] = items[to - 1] as Item;
  items[at] = item;
}

function remove<Item>(items: Item[], at: number): void {
  for (let to = at + 1; to < items.length; to += 1) items[to - 1] = items[to] as Item;
  items.pop();
}
