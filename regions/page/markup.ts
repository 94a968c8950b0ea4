/** Text that is HTML or SVG already. Only {@link markup} makes it, and it escapes everything that is not. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = string | number | Markup | null | readonly Piece[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes text harmless in an element and in a quoted attribute. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/**
 * Template tag for HTML and SVG: what is interpolated is escaped, unless it is {@link Markup} itself. Lists are
 * joined, null is nothing. Attributes must be quoted.
 */
export function markup(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let text = parts[0] ?? "";
  pieces.forEach((piece, i) => {
    text += render(piece) + (parts[i + 1] ?? "");
  });
  return new Markup(text);
}

function render(piece: Piece): string {
  if (piece === null) return "";
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "number") return String(piece);
  if (typeof piece === "string") return escapeText(piece);
  return piece.map(render).join("");
}
