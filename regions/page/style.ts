/** What every page of Castle's looks like: light and dark, screen and paper. */
export const pageStyle = `
:root{color-scheme:light dark;--page:#f6f6f4;--card:#fff;--ink:#15181e;--soft:#5a6270;--line:#dfe1e4;--grid:#e9eaec;
--blue:#2a5bd7;--blue-soft:#cddafb;--orange:#c2620a;--red:#c8283c;--red-soft:#c8283c1c;--green:#15744a;--green-soft:#dff3e8;
--steady:#dfe8fb;--act:#e7e6e1;--ph0:#f3c9a5;--ph1:#c9d7f7;--ph2:#b9e0d2;--ph3:#e6cdee;--ph4:#f2e3a6;--ph5:#d5d9df;--ph6:#f5c4cd;--ph7:#bfe3ea}
@media (prefers-color-scheme:dark){:root{--page:#0f1115;--card:#171a20;--ink:#e8eaee;--soft:#9aa3b2;--line:#2a2f38;--grid:#242932;
--blue:#7ea3ff;--blue-soft:#263a68;--orange:#f2a45b;--red:#ff6b7a;--red-soft:#ff6b7a26;--green:#5fd39c;--green-soft:#163527;
--steady:#22304f;--act:#2b2d31;--ph0:#6d4423;--ph1:#2c4278;--ph2:#1d5645;--ph3:#563a62;--ph4:#5d511b;--ph5:#3b414b;--ph6:#6b2f3c;--ph7:#1f525c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-feature-settings:"tnum","cv11";-webkit-text-size-adjust:100%}
main,footer{max-width:1160px;margin:0 auto;padding:0 24px}
header{max-width:1160px;margin:0 auto;padding:44px 24px 8px}
.eyebrow{margin:0;color:var(--soft);font-size:13px}
h1{margin:6px 0 10px;font-size:34px;line-height:1.15;letter-spacing:-.022em;font-weight:680;display:flex;gap:16px;align-items:center;flex-wrap:wrap}
h2{margin:0 0 4px;font-size:20px;letter-spacing:-.012em;font-weight:650}
h3{margin:26px 0 6px;font-size:15px;font-weight:650}
.lead{margin:0;font-size:17px;max-width:78ch;text-wrap:pretty}
.note{margin:0 0 14px;color:var(--soft);max-width:82ch}
.verdict{font-size:15px;font-weight:700;letter-spacing:.06em;padding:5px 14px;border-radius:99px;text-transform:uppercase}
.verdict.pass{background:var(--green-soft);color:var(--green)}
.verdict.fail{background:var(--red);color:var(--page)}
.findings{margin:20px 0 0;padding:14px 20px 14px 36px;border:1px solid var(--red);border-radius:12px;background:var(--red-soft);max-width:100%;overflow-wrap:anywhere}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:14px;margin:26px 0 0;padding:0;list-style:none}
.figures li{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:16px 18px}
.figures strong{display:block;font-size:32px;line-height:1.15;font-weight:660;letter-spacing:-.025em}
.figures .bad{color:var(--red)}
.figures span{display:block;font-weight:560;margin-top:2px;text-wrap:balance}
.figures small{display:block;color:var(--soft);font-size:13px}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:22px 24px;margin:18px 0}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:14px}
caption{text-align:left;color:var(--soft);padding:0 0 8px}
th,td{text-align:left;padding:9px 14px 9px 0;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;color:var(--soft);font-weight:560;font-size:13px;padding-top:0}
tbody th{font-weight:600}
td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.ok,.not-ok{white-space:nowrap;font-weight:650}.ok{color:var(--green)}.not-ok{color:var(--red)}
details{margin-top:14px}summary{cursor:pointer;color:var(--soft)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:12px 24px;margin:8px 0 0}
dt{color:var(--soft);font-size:13px}dd{margin:0;overflow-wrap:anywhere}
code{font:13px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:13px;padding-bottom:48px}
@media (max-width:640px){h1{font-size:27px}section{padding:18px 16px}main,footer,header{padding-left:14px;padding-right:14px}}
@page{size:A4;margin:12mm 8mm 15mm}
@media print{:root{color-scheme:light}body{background:#fff;font-size:12px}section{border-color:#ccc}
.figures li,tr,dl{break-inside:avoid;border-color:#ccc}h2,h3,.note{break-after:avoid;break-inside:avoid}header{padding-top:0}.figures{grid-template-columns:repeat(auto-fit,minmax(120px,1fr))}.figures strong{font-size:22px}.scroll{overflow:visible}table{font-size:11px}details:not([open])>*{display:revert}}
`;
