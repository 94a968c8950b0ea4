import { pageStyle } from "@castle/regions/page/style.ts";

/** What the report adds to every page's style. */
export const complianceStyle = `${pageStyle}
.severity,.state{display:inline-block;white-space:nowrap;font-weight:650;font-size:13px}
.severity.critical,.severity.high,.state.fails{color:var(--red)}
.severity.medium,.state.unjudged,.state.excepted,.state.advice{color:var(--orange)}
.severity.low,.state.nothing,.state.not-asked{color:var(--soft)}.state.holds{color:var(--green)}
.served{margin:0;padding:0;list-style:none}.served li+li{margin-top:6px;padding-top:6px;border-top:1px dashed var(--line)}
.served li{display:grid;grid-template-columns:minmax(0,1fr) 190px 190px;gap:4px 14px}
.served small{color:var(--soft);font-size:13px}
.matrix th{width:210px}.matrix thead th:last-child{width:auto}.matrix .head{display:grid;grid-template-columns:minmax(0,1fr) 190px 190px;gap:14px}
.gaps+.note{margin-top:14px}.gaps{margin:6px 0 0;padding:0;list-style:none;columns:2 340px;column-gap:32px;font-size:14px}
.gaps li{break-inside:avoid;padding:3px 0}.gaps b{display:inline-block;min-width:66px;font-weight:600}
.rule{padding:14px 0;border-top:1px solid var(--line);break-inside:avoid}.rule h4{margin:0 0 4px;font-size:15px;font-weight:650;display:flex;gap:12px;flex-wrap:wrap;align-items:baseline}
.rule p{margin:2px 0;max-width:92ch}.rule small{color:var(--soft);font-size:13px}
nav{display:flex;flex-wrap:wrap;gap:6px 18px;margin-top:20px;font-size:14px}
a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}
@media (max-width:760px){.served li,.matrix .head{grid-template-columns:1fr}.matrix th{width:110px}}
`;
