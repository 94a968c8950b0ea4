import { Markup, markup } from "./markup.ts";

export interface StillPage {
  readonly title: string;
  readonly style: string;
  readonly header: Markup;
  readonly main: Markup;
  readonly footer: string;
}

/**
 * One HTML file that asks nothing of the network and runs no script: the browser is told to allow neither. The same page
 * always gives the same bytes.
 */
export const stillPage = ({ title, style, header, main, footer }: StillPage): string =>
  markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} · Castle</title>
<style>${new Markup(style)}</style>
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
