/** How a connection wants its messages, and the streams it names from the start. */
export interface ConnectUrl {
  /** Messages wrapped as `{stream, data}`. */
  readonly combined: boolean;
  readonly names: readonly string[];
}

/**
 * `/ws`, `/ws/<stream>[/<stream>…]`, `/stream`, `/stream?streams=<stream>/<stream>`.
 * @param url path and query as requested
 * @returns null for any other path
 */
export function readConnectUrl(url: string): ConnectUrl | null {
  const [path = "", query = ""] = url.split("?");
  const [, first, ...rest] = path.split("/");
  if (first === "ws") return { combined: false, names: namesIn(rest.join("/")) };
  if (first === "stream" && rest.join("") === "")
    return { combined: true, names: namesIn(new URLSearchParams(query).get("streams") ?? "") };
  return null;
}

const namesIn = (text: string): string[] =>
  decodeURIComponentOrAsIs(text)
    .split("/")
    .filter((name) => name !== "");

function decodeURIComponentOrAsIs(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not an encoding: it will be refused by its name
  }
}
