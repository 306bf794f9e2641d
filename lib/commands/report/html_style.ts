/**
 * How a report's web page looks: light and dark, on a phone and on paper.
 *
 * @module
 */

import { palette } from "./charts.ts";

const dark = { first: "#4fc3a1", second: "#f0b445", text: "#c3cad1", line: "#3a434b" } as const;

/** A chart's colours stand in its attributes, which rules of the page go before. */
function recolour(colours: Record<keyof typeof palette, string>): string {
  return Object.entries(palette).map(([name, from]) => {
    const to = colours[name as keyof typeof palette];
    return `svg [fill="${from}"]{fill:${to}}svg [stroke="${from}"]{stroke:${to}}`;
  }).join("");
}

/** The page's style sheet. */
export const style = `
:root{--ink:#1b2126;--dim:#5b656e;--paper:#fff;--line:#e3e7ea;--accent:${palette.first};color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1200px;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.6rem;line-height:1.2;margin:0;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:0 0 .5rem}
header p,footer{color:var(--dim)}
header p{margin:.2rem 0 0}
footer{font-size:.85rem;margin-top:2rem;border-top:1px solid var(--line);padding-top:.5rem}
footer p{margin:.2rem 0}
section{margin-top:2rem}
.tiles{display:flex;flex-wrap:wrap;gap:2.5rem;margin-top:1.2rem}
.tile{display:grid;grid-template-columns:auto auto;column-gap:.6rem;align-items:baseline}
.tile b{font-size:2.2rem;line-height:1.1;color:var(--accent)}
.tile i{font-style:normal;color:var(--dim)}
.tile span{grid-row:2;color:var(--dim)}
.pair{display:grid;gap:1rem 2rem;align-items:start}
figure{margin:0;min-width:0}
figure svg{display:block;max-width:100%;height:auto}
.narrow{display:none}
.table{overflow:auto;max-height:32rem;min-width:0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .5rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child{text-align:left;padding-left:0;white-space:normal;overflow-wrap:anywhere}
thead th{position:sticky;top:0;background:var(--paper);color:var(--dim);font-weight:600}
tbody th{font-weight:400}
.names{columns:16rem;margin:0;padding-left:1.2rem;font-size:.9rem;overflow-wrap:anywhere}
@media (min-width:960px){.pair{grid-template-columns:minmax(0,640px) minmax(0,1fr)}}
@media screen and (max-width:700px){.wide{display:none}.narrow{display:block}
th,td{padding:.25rem .2rem;font-size:.78rem}th:first-child{min-width:5.5rem;overflow-wrap:break-word}.tiles{gap:1.2rem 2rem}}
@media screen and (prefers-color-scheme:dark){
:root{--ink:#e6eaed;--dim:#9aa5af;--paper:#14181b;--line:#2b3238;--accent:${dark.first};color-scheme:dark}
${recolour(dark)}
}
@media print{
body{font-size:11pt}main{max-width:none;padding:0}.table{overflow:visible;max-height:none}
.wide{display:block}.narrow{display:none}.pair{display:block}thead th{position:static}
figure,tr,.tiles{break-inside:avoid}h2{break-after:avoid}figure{margin-bottom:.5rem}
}
`;
