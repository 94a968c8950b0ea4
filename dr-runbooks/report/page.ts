import { Markup, markup } from "@castle/regions/page/markup.ts";
import { style } from "./style.ts";

export interface Page {
  readonly title: string;
  /** What it adds to the style sheet of all reports. */
  readonly style?: string;
  readonly header: Markup;
  readonly main: Markup;
  readonly footer: string;
}

/**
 * A report as one HTML file that asks nothing of the network and runs no script: the browser is told to allow neither.
 * The same page always gives the same bytes.
 */
export const reportPage = ({ title, style: more = "", header, main, footer }: Page): string =>
  markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} · Castle</title>
<style>${new Markup(style + more)}</style>
</head>
<body>
${header}
<main>
${main}
</main>
<footer>${footer}</footer>
</body>
</html>
`.text;
