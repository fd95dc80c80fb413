"""The report's style sheet: the program's colours, dark and light."""

STYLE = """
:root { --window: #f4f5f7; --panel: #ffffff; --line: #d9dce2; --text: #1d2026; --dim: #5f6672; --photo: #8b929e;
  --m0: #2f6fe0; --m1: #b86e00; --m2: #2f8f4e; --m3: #8e4cc0; }
@media (prefers-color-scheme: dark) {
  :root { --window: #1b1c1f; --panel: #232529; --line: #34373d; --text: #e6e7ea; --dim: #969ca6; --photo: #969ca6;
    --m0: #5b9bff; --m1: #e0a030; --m2: #7fd18a; --m3: #c58bf0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--window); color: var(--text); font: 14px/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums; }
main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; font-weight: 650; }
h2 { font-size: 16px; margin: 0; font-weight: 650; }
p { margin: 0 0 8px; }
section { background: var(--panel); border-radius: 8px; padding: 20px 24px; margin-top: 16px; }
section > p { margin: 2px 0 14px; }
.dim, small, figcaption { color: var(--dim); }
small { font-size: 12px; }
.note { color: var(--dim); max-width: 80ch; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 8px; margin: 16px 0; }
.figure { background: var(--panel); border-radius: 8px; padding: 12px 16px; display: flex; flex-direction: column; }
.figure b { font-size: 26px; line-height: 1.3; font-weight: 600; }
.figure small { margin-top: 2px; }
i { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 6px; }
.m0 { --c: var(--m0); } .m1 { --c: var(--m1); } .m2 { --c: var(--m2); } .m3 { --c: var(--m3); }
.photo { --c: var(--photo); }
i { background: var(--c); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 5px 10px; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--dim); font-weight: 500; font-size: 12px; vertical-align: bottom; }
th:first-child { text-align: left; font-weight: 500; padding-left: 0; }
td:last-child, th:last-child { padding-right: 0; }
td.scale { padding: 0 10px; } svg { display: block; }
.axis { stroke: var(--line); } .tick { stroke: var(--dim); stroke-width: 2; }
.ring { fill: none; stroke: var(--dim); stroke-width: 2; }
.dot { fill: var(--c); } .reach { stroke: var(--c); stroke-width: 2; opacity: .5; }
.chip { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 8px; vertical-align: -1px; }
td.bars { width: 34%; min-width: 180px; }
.bar { display: block; height: 5px; border-radius: 2px; background: var(--c); margin: 2px 0; }
abbr { text-decoration: none; color: var(--m1); cursor: help; }
.scenes { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 520px), 1fr)); gap: 14px 20px; }
.scenes + .scenes { margin-top: 14px; padding-top: 14px; border-top: 1px solid var(--line); }
.scene, .strip { display: flex; gap: 4px; }
.strips { display: grid; gap: 6px; }
figure { margin: 0; flex: 1 1 0; min-width: 0; max-width: 200px; }
figure img { width: 100%; height: auto; display: block; border-radius: 3px; }
figcaption { font-size: 11px; padding-right: 6px; margin-top: 2px; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
figcaption b { font-weight: 500; color: var(--text); float: right; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 0; }
dd { margin: 0; color: var(--dim); }
@media print { section, .figure { break-inside: avoid; } }
"""
