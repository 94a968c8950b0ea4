/** What the plan's page has beside what every page has. */
export const planStyle = `
main,footer,header{max-width:1248px}
.architecture{display:block;width:100%;min-width:900px;height:auto;font:12px Inter,system-ui,sans-serif}
.architecture text{fill:var(--ink)}.frame{fill:var(--page);stroke:var(--line)}.frame.above{fill:none;stroke-dasharray:5 5;stroke:var(--soft)}
.architecture .heading,.architecture .row{paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round}
.heading .title{font-size:15px;font-weight:680}.heading .note,.architecture .row,.architecture .count{fill:var(--soft)}
.architecture .row{font-size:11px;letter-spacing:.05em}.architecture .name{font-weight:620;font-size:11.5px}.architecture .count{font-size:11px}
.box{cursor:pointer;text-decoration:none}.box rect{fill:var(--card);stroke:var(--soft);stroke-width:1}
.box.global rect{stroke:var(--orange)}.box.way-in rect{stroke:var(--blue)}.box.data rect{stroke:var(--green)}
.box:hover rect,.box:focus-visible rect{stroke-width:2.5}.box:focus{outline:0}
.box.chosen rect{fill:var(--blue-soft);stroke:var(--blue);stroke-width:2.5}.box.hit rect{fill:var(--green-soft)}
.architecture marker path{fill:context-stroke}
.arrow{fill:none;stroke:var(--soft);stroke-width:1.2;opacity:.55}.arrow.between{stroke:var(--orange);stroke-width:1.6;opacity:.9;stroke-dasharray:6 4}
.arrow.quiet{display:none}.choosing .arrow{opacity:.12}.choosing .arrow.needs,.choosing .arrow.needed{display:inline;opacity:1;stroke-width:2}
.choosing .arrow.needs{stroke:var(--blue)}.choosing .arrow.needed{stroke:var(--orange)}
.legend{display:flex;flex-wrap:wrap;gap:4px 22px;margin:10px 0 0;color:var(--soft);font-size:13px}
.tools{display:flex;gap:12px;align-items:center;margin:0 0 12px;flex-wrap:wrap}
.tools input{font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:9px;padding:7px 12px;min-width:340px;flex:0 1 460px}
.tools output{color:var(--soft);font-size:13px}
.resource{border-top:1px solid var(--line);margin:0;padding:7px 0}.resource summary{color:inherit;display:flex;gap:6px 14px;flex-wrap:wrap;align-items:baseline}
.resource summary b{font-weight:620}.resource summary code{color:var(--soft)}.resource summary i{font-style:normal;font-size:12px;color:var(--orange)}
.resource table{margin:8px 0 6px;font-size:13px;table-layout:fixed}.resource td,.resource th{padding:4px 14px 4px 0;overflow-wrap:anywhere}
.resource tbody th{width:34%;font-weight:500;color:var(--soft)}.resource .mark{color:var(--orange)}
.tree{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;overflow-x:auto;margin:8px 0 0}
.differences td,.differences th{font-size:13px;overflow-wrap:anywhere}.differences{table-layout:fixed}
.differences th.place{width:36%}
@media print{.tools,#inside{display:none}}
`;
