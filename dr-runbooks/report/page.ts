import { type StillPage, stillPage } from "@castle/regions/page/still-page.ts";
import { style } from "./style.ts";

export interface Page extends Omit<StillPage, "style"> {
  /** What it adds to the style sheet of all reports. */
  readonly style?: string;
}

/** A report as one HTML file. */
export const reportPage = ({ style: more = "", ...page }: Page): string =>
  stillPage({ ...page, style: style + more });
