/** What the report of an execution adds to the style sheet of all reports. */
export const executionStyle = `
.verdict.open{background:var(--line);color:var(--ink)}
.chart path.change{fill:var(--orange);stroke:var(--card);stroke-width:1}
.figures strong{font-size:27px}
dl.facts{margin-top:20px}dl.facts dd{font-weight:560}
.dense td:nth-child(4),.dense td:nth-child(5){white-space:nowrap}
dl+.note{margin-top:14px}
.dense tbody th{font-weight:450}.dense .changes th,.dense .changes td{font-weight:680}
dl.chain{grid-template-columns:1fr}
.detail{display:block;font-weight:400;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.facts-of{list-style:none;margin:4px 0 0;padding:0;color:var(--soft);font-size:13px}
.legend{display:flex;flex-wrap:wrap;gap:4px 22px;margin:0 0 10px;padding:0;list-style:none;color:var(--soft);font-size:13px}
.legend b{color:var(--ink)}
.not-listed{margin:0;padding-left:18px}
.hash{font-size:12.5px}
.figures-shown{margin:4px 0 0;padding-left:18px}
.command{display:block;padding:10px 14px;margin:6px 0 0;border:1px solid var(--line);border-radius:9px;background:var(--page)}
.dense{font-size:13px}.dense th,.dense td{padding-top:5px;padding-bottom:5px}
.differs{font-weight:650}
@page{margin:14mm 12mm 16mm}
@media print{
:root{color-scheme:light}
body{background:#fff;font-size:10.5px;line-height:1.45}
header,main,footer{max-width:none;padding-left:0;padding-right:0}
header{padding-top:0}
h1{font-size:24px}h2{font-size:15px;break-after:avoid}.lead{font-size:13px}
section{break-inside:auto;border:0;border-top:1px solid #bbb;border-radius:0;padding:12px 0 0;margin:14px 0 0}
.whole{break-inside:avoid}
.figures{grid-template-columns:repeat(4,1fr);gap:8px;margin-top:14px}.figures li{padding:9px 11px}
.figures strong{font-size:18px}.figures small,.note,.legend{font-size:9.5px}
table,tbody th,td{font-size:9.5px}thead th{font-size:9px}.detail,.facts-of,caption,h1+.lead small{font-size:8.5px}
.dense,.dense tbody th,.dense td{font-size:8px}.dense th,.dense td{padding-top:2.5px;padding-bottom:2.5px}
td:not(:last-child) .ok,td:not(:last-child) .not-ok{white-space:normal}.verdict{font-size:11px;padding:3px 10px}h3{font-size:11px;margin:12px 0 4px}
thead{display:table-header-group}tr{break-inside:avoid}
th,td{padding:5px 8px 5px 0}
.note{max-width:none}.lead{max-width:none}
footer{font-size:9px;padding-bottom:0}
.chart{min-width:0}.scroll{overflow:visible}
code,.hash{font-size:9px}
dl{grid-template-columns:repeat(3,1fr);gap:8px 16px}dt{font-size:9.5px}
}
`;
