import { pathToFileURL } from "node:url";
import { seconds } from "@castle/regions/duration.ts";
import { escapeText } from "@castle/regions/page/markup.ts";
import { chromiumFlags, findChromium } from "./chromium.ts";

const PATIENCE = seconds(60);

/**
 * Prints a page of this machine through Chromium, with its title and page numbers at the foot. It runs no script and asks
 * nothing of the network. @throws ChromiumMissing; Error when Chromium does not start, or ends.
 */
export async function printPdf(html: string, pdf: string, foot: string): Promise<void> {
  const executablePath = findChromium();
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    ...{ executablePath, args: chromiumFlags(), timeout: PATIENCE.ms },
    // Whoever started this process ends it, and it ends the browser.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
  });
  try {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      offline: true,
      colorScheme: "light",
    });
    const page = await context.newPage();
    await page.goto(pathToFileURL(html).href, { timeout: PATIENCE.ms });
    await page.pdf({
      path: pdf,
      preferCSSPageSize: true,
      printBackground: true,
      tagged: true,
      outline: true,
      displayHeaderFooter: true,
      headerTemplate: "<span></span>",
      footerTemplate: `<div style="width:100%;margin:0 12mm;font:8px sans-serif;color:#555;display:flex;justify-content:space-between"><span>${escapeText(foot)}</span><span>page <span class="pageNumber"></span> of <span class="totalPages"></span></span></div>`,
    });
  } finally {
    await browser.close();
  }
}
