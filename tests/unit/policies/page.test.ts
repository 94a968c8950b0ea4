import { matrices } from "@castle/policies/compliance/matrix.ts";
import { renderCompliance } from "@castle/policies/compliance/page/page.ts";
import { expect } from "chai";
import { clean, complianceOf, place, rule, violation } from "./compliance.ts";

const against = { ...clean, violations: [violation], unjudged: [place] };

describe("the report for an auditor", () => {
  it("asks nothing of the network, and runs no script", () => {
    const page = renderCompliance(complianceOf([against]));
    expect(page).not.to.match(/<script|<img|<link|url\(|(src|href)="https?:/i);
    expect(page).to.contain("default-src 'none'; style-src 'unsafe-inline'");
  });

  it("holds what a program says as text, never as markup", () => {
    const found = "<b>1</b> & more";
    const page = renderCompliance(complianceOf([{ ...clean, violations: [{ ...violation, found }] }]));
    expect(page).to.contain("&lt;b&gt;1&lt;/b&gt; &amp; more").and.not.contain("<b>1</b> & more");
  });

  it("leads from a control to its rule, what came of it, and what was looked at", () => {
    const page = renderCompliance(complianceOf([against]));
    const row = page.slice(page.indexOf("<th>Art. 12"));
    const control = row.slice(0, row.indexOf("</tr>"));
    expect(control)
      .to.contain(`href="#rule-${rule.name}"`)
      .and.contain('class="state fails"')
      .and.contain("1 in prd");
    expect(page).to.contain(`id="rule-${rule.name}"`);
  });

  it("lists every control that no rule serves, with who shows it", () => {
    const page = renderCompliance(complianceOf([clean]));
    for (const { notCovered } of matrices([rule]))
      for (const { number, title } of notCovered)
        expect(page).to.contain(`<li><b>${number}</b> ${title.replaceAll("'", "&#39;")}</li>`);
  });

  it("says at the top whether the judgement holds", () => {
    expect(renderCompliance(complianceOf([clean]))).to.contain('class="verdict pass"');
    expect(renderCompliance(complianceOf([against]))).to.contain('class="verdict fail"');
  });

  it("takes in one framework alone when it is asked for one", () => {
    const page = renderCompliance(complianceOf([clean], { framework: "dora" }));
    expect(page).to.contain('<section id="dora">').and.not.contain('<section id="pci">');
  });
});
