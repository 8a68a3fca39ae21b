/** The report's whole look, inline so that the file stands alone. Light, dark, and paper. */
export const HTML_STYLE = `
:root{color-scheme:light dark;--ink:#1b2126;--soft:#56616b;--line:#d9dee3;--paper:#fff;--ground:#f3f5f7;--accent:#1c5d99;--bad:#a8321e;--bad-ground:#fdf1ee;--good:#1e6b3c;--warn:#7a5200}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaee;--soft:#a3adb7;--line:#38424b;--paper:#1a2026;--ground:#11161a;--accent:#82b8ea;--bad:#f3907c;--bad-ground:#2e1e1c;--good:#7fcf9d;--warn:#e3b566}}
*{box-sizing:border-box}
body{margin:0;padding:24px 16px;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-inline-size:46rem;margin:0 auto;padding:40px 48px;background:var(--paper);border:1px solid var(--line);border-radius:10px}
main *{overflow-wrap:anywhere}
p,ul,ol,dl{margin:0 0 .75em}
.name{font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:0 0 .75rem}
.envelope{display:flex;flex-wrap:wrap;gap:.15rem 2.5rem;padding-block-end:1rem;border-block-end:1px solid var(--line);margin-block-end:1.5rem}
.envelope div{display:flex;gap:.6rem}
dt{color:var(--soft)}
dd{margin:0}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .6rem;font-weight:650}
h2{font-size:1.15rem;line-height:1.3;margin:2.2rem 0 .7rem;padding-block-start:1.2rem;border-block-start:1px solid var(--line);font-weight:650}
h3{font-size:1rem;margin:0 0 .3rem;font-weight:650}
h4{font-size:.85rem;margin:.7rem 0 .15rem;font-weight:600;color:var(--soft)}
.lead{font-size:1.15rem;line-height:1.5}
.note{color:var(--soft);font-size:.95rem}
.facts{margin-block-start:1.25rem;font-size:.95rem}
.facts div{display:grid;grid-template-columns:10.5rem 1fr;gap:1rem;padding:.35rem 0;border-block-end:1px solid var(--line)}
.facts div:last-child{border:0}
code{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.9em;unicode-bidi:isolate}
ul,ol{padding-inline-start:1.3rem}
li{margin-block-end:.35rem}
#do ol>li,#person ol>li{margin-block-end:.7rem}
.cause{border:1px solid var(--line);border-radius:8px;padding:.9rem 1.1rem;margin-block-end:.8rem}
.cause.first{border-color:var(--accent);border-inline-start-width:4px}
.cause ul{margin-block-end:.25rem}
.likelihood{display:flex;align-items:center;gap:.7rem;margin:0}
.bar{inline-size:7rem;block-size:.5rem;border:1px solid var(--soft);border-radius:99px;overflow:hidden;flex:none}
.bar span{display:block;block-size:100%;background:var(--accent);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.owner{color:var(--soft);font-size:.95rem;margin-block-end:.3rem}
.checks{margin-block-end:1.1rem}
.checks ul{list-style:none;padding-inline-start:1.75rem}
.mark{display:inline-block;inline-size:1.75rem;font-weight:700}
.implicated h3{color:var(--bad)}.cleared h3{color:var(--good)}.inconclusive h3,.error h3{color:var(--warn)}.not-run h3,.not-applicable h3{color:var(--soft)}
.implicated ul{background:var(--bad-ground);border-radius:8px;padding:.6rem .9rem .3rem 1.75rem}
#appendix,#contents,#changed{font-size:.9rem}
table{border-collapse:collapse;inline-size:100%;font-size:.85rem}
caption{text-align:start;font-weight:600;padding-block-end:.4rem}
th,td{text-align:start;vertical-align:top;padding:.3rem .8rem .3rem 0;border-block-end:1px solid var(--line)}
th{color:var(--soft);font-weight:600;white-space:nowrap}
.wide{margin-block-end:1.4rem}
footer{margin-block-start:2rem;padding-block-start:1rem;border-block-start:1px solid var(--line);color:var(--soft);font-size:.85rem}
@media (max-width:600px){body{padding:0}main{padding:24px 18px;border:0;border-radius:0}.facts div{grid-template-columns:1fr;gap:0}.wide{overflow-x:auto}.wide *{overflow-wrap:normal}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--ground:#fff;--accent:#1c5d99;--bad:#8d2716;--bad-ground:#fff;--good:#14522d;--warn:#5f4000}
@page{margin:18mm 17mm}
html{font-size:10pt}body{padding:0;font-size:1rem;line-height:1.45}h2{margin-block-start:1.5rem;padding-block-start:.9rem}section>h2+p{break-after:avoid}main{max-inline-size:none;padding:0;border:0;border-radius:0}
h1,h2,h3,h4,caption{break-after:avoid}.cause,.checks li,.facts div,tr{break-inside:avoid}p,li{orphans:3;widows:3}thead{display:table-header-group}
.implicated ul{padding-inline:1.75rem 0;padding-block:0}}
`.trim();
