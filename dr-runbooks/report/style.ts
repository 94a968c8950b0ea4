import { pageStyle } from "@castle/regions/page/style.ts";

/** The reports' one style sheet: the page's, and their charts'. */
export const style = `${pageStyle}
.chart{display:block;width:100%;min-width:720px;height:auto;font:11px Inter,system-ui,sans-serif}
.chart text{fill:var(--ink)}.chart .heading{font-weight:620;font-size:12px}.chart .tick{fill:var(--soft)}
.chart .grid{stroke:var(--grid)}.chart path{fill:none;stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.chart path.rate{fill:var(--blue-soft);stroke:var(--blue);stroke-width:1}.chart rect.rate{fill:var(--blue)}
.chart path.errors,.chart rect.errors{fill:var(--red);stroke:none}
.chart .p50{stroke:var(--blue);stroke-width:1.75}.chart .p99{stroke:var(--orange)}
.chart .limit{stroke:var(--soft);stroke-dasharray:3 4}
.chart .outage{fill:var(--red-soft)}
.chart .flag text{font-weight:650;font-size:12px}.chart .fault line{stroke:var(--red);stroke-width:1.5}.chart .fault text{fill:var(--red)}
.chart .handover line{stroke:var(--soft);stroke-dasharray:3 4}
.chart .band rect{fill:var(--act)}.chart .band.steady rect{fill:var(--steady)}
.chart .step.even{fill:var(--ink)}.chart .step.odd{fill:var(--soft)}
.chart .row rect{fill:var(--ink)}.chart .row.outage{fill:none}.chart .row.outage rect,.chart .row.failed rect{fill:var(--red)}
.chart .row.outage .name,.chart .row.outage .took{fill:var(--red);font-weight:650}
.chart .took{fill:var(--soft)}.chart .start{stroke:var(--soft);stroke-dasharray:3 4}
.chart .phase-0 rect{fill:var(--ph0)}.phase-0 i{background:var(--ph0)}
.chart .phase-1 rect{fill:var(--ph1)}.phase-1 i{background:var(--ph1)}
.chart .phase-2 rect{fill:var(--ph2)}.phase-2 i{background:var(--ph2)}
.chart .phase-3 rect{fill:var(--ph3)}.phase-3 i{background:var(--ph3)}
.chart .phase-4 rect{fill:var(--ph4)}.phase-4 i{background:var(--ph4)}
.chart .phase-5 rect{fill:var(--ph5)}.phase-5 i{background:var(--ph5)}
.chart .phase-6 rect{fill:var(--ph6)}.phase-6 i{background:var(--ph6)}
.chart .phase-7 rect{fill:var(--ph7)}.phase-7 i{background:var(--ph7)}
.unjudged{color:var(--soft)}p.unjudged{margin-top:14px}
.phases{display:flex;flex-wrap:wrap;gap:6px 20px;margin:12px 0 0;padding:0;list-style:none;font-size:14px}
.phases b{font-weight:650;font-variant-numeric:tabular-nums}.phases i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:7px}
@media print{.chart{break-inside:avoid;border-color:#ccc;min-width:0}}
`;
