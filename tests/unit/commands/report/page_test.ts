import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { bar, columnsOf, fit, widthOf } from "../../../../lib/commands/report/bars.ts";
import { escape } from "../../../../lib/commands/report/escape.ts";
import { renderHtml } from "../../../../lib/commands/report/html.ts";
import { renderReport } from "../../../../lib/commands/report/page.ts";
import { change } from "../../../../lib/commands/report/words.ts";
import type { Answer } from "../../../../lib/report/answer.ts";

const evil = "\x1b[2J<script>alert(1)</script>\n\u202egnp.exe";
const none = { people: 0, runs: 0 };
const others = { senders: 2, runs: 1_200 };

const answer: Answer = {
  period: {
    since: "2026-11-16",
    until: "2026-11-28",
    days: 13,
    by: "day",
    previous: { since: "2026-11-03", until: "2026-11-15" },
  },
  filter: { appIDs: [], tool: "acme", command: null, testMode: false },
  leastPeople: 5,
  heldBack: [],
  total: { people: 1_234, runs: 98_765 },
  previous: { people: 1_000, runs: 100_000 },
  commands: [
    {
      command: "acme deploy",
      people: 1_000,
      runs: 90_000,
      share: 0.8104,
      previous: { people: 900, runs: 80_000 },
      others,
    },
    { command: evil, people: 40, runs: 90, share: 0.0324, previous: none, others: { senders: 0, runs: 0 } },
    {
      command: "acme cluster create with-a-very-long-name-that-does-not-fit-anywhere",
      people: null,
      runs: null,
      share: null,
      previous: none,
      others: { senders: null, runs: null },
    },
  ],
  time: Array.from({ length: 13 }, (_, index) => ({
    since: `2026-11-${16 + index}`,
    until: `2026-11-${16 + index}`,
    people: index === 3 ? null : index * 10,
    runs: index === 3 ? null : index * 100,
  })),
  weeks: [
    { since: "2026-11-16", until: "2026-11-22", newPeople: 20, returningPeople: 400 },
    { since: "2026-11-23", until: "2026-11-28", newPeople: null, returningPeople: null },
  ],
  versions: [{ version: "1.0.0", people: 900, runs: 80_000 }, { version: null, people: 300, runs: 18_765 }],
  systems: [{ os: "linux", architecture: "amd64", people: 1_234, runs: 98_765 }],
  callers: [{ caller: "person", senders: 1_234, runs: 98_765 }, { caller: "ci", ...others }],
  unused: [{ tool: "acme", of: 4, commands: ["acme logout", "acme purge"] }],
  passedOver: { lines: 0, undated: 0 },
};

for (const columns of [80, 40, 24]) {
  test(`renderReport() fits ${columns} columns and shows what would steer a terminal as its code`, () => {
    const page = renderReport(answer, { columns, isColoured: false });
    for (const line of page.split("\n")) assert.ok(columns < 40 || widthOf(line) <= columns, line);
    assert.ok(!/[\p{Cc}\p{Bidi_Control}]/u.test(page.replaceAll("\n", "")));
    assert.match(page, /\\u001b\[2J<scri/);
  });
}

test("renderReport() says all that an answer has on 80 columns", () => {
  const page = renderReport(answer, { columns: 80, isColoured: false });
  assert.match(
    page,
    /^Usage of acme, 16 Nov to 28 Nov 2026\n\nPeople +1,234 {2}\+23 %\nRuns +98,765 {2}−1 %\n/,
  );
  assert.match(page, /\nacme deploy +█+ +1,000 +81 % +90,000 +\+13 % +1,200\n/);
  assert.match(page, /\nacme cluster create [^\n]*… +<5 +<5 +<5 +<5\n/);
  assert.match(page, /\nPeople {3}[ ▁-█]+·[▁-█]+ {2}most 120, 28 Nov\n/);
  assert.match(page, /\nUsed by nobody: 2 of the 4 commands of acme\n {2}logout, purge\n/);
});

test("renderReport() differs by colour alone when it is coloured", () => {
  const plain = renderReport(answer, { columns: 80, isColoured: false });
  assert.equal(stripVTControlCharacters(renderReport(answer, { columns: 80, isColoured: true })), plain);
});

test("renderReport() says what to do when there are no signals", () => {
  const empty = { ...answer, total: none, commands: [] };
  assert.match(renderReport(empty, { columns: 80, isColoured: false }), /No signals from [^\n]*\.\n$/);
});

test("renderHtml() loads nothing, runs nothing and takes what senders wrote for text", () => {
  const page = renderHtml(answer);
  assert.doesNotMatch(page, /<script|javascript:|\u202e|\son\w+=/i);
  const addresses = [...page.matchAll(/\b(?:src|href|url)\b\s*[=(]\s*["']?([^"')\s>]*)/gi)].map((
    [, address],
  ) => address);
  assert.deepEqual(addresses.filter((address) => !/^(data:,|#)/.test(address)), []);
  assert.doesNotMatch(page.replaceAll(/xmlns(:\w+)?="[^"]+"/g, ""), /https?:/);
  assert.match(
    page,
    /<th scope="row">\\u001b\[2J&lt;script&gt;alert\(1\)&lt;\/script&gt;\\u000a\\u202egnp\.exe<\/th>/,
  );
});

test("renderHtml() has a text and a table for each chart, and shows no bar of what is held back", () => {
  const page = renderHtml(answer);
  const figures = [...page.matchAll(/<figure role="img" aria-label="([^"]+)">/g)];
  assert.equal(figures.length, 6);
  assert.equal([...page.matchAll(/<table>/g)].length, 6);
  const [commands] = page.split("</figure>");
  assert.doesNotMatch(commands, /acme cluster create/);
});

test("escape() leaves no way out of a text or an attribute", () => {
  assert.equal(escape(`<&>"'\0`), "&lt;&amp;&gt;&quot;&#39;\\u0000");
});

test("bars and columns show a little as more than nothing", () => {
  assert.deepEqual([bar(0, 10, 8), bar(1, 10_000, 8), bar(10, 10, 8), bar(5, 10, 3)], [
    "",
    "▏",
    "████████",
    "█▌",
  ]);
  assert.equal(columnsOf([0, 1, 1_000, null]), " ▁█·");
  assert.deepEqual([fit("acme", 6), fit("acme deploy", 6), fit("日本語日本", 6)], [
    "acme  ",
    "acme …",
    "日本… ",
  ]);
});

test("change() is in percent of the period before", () => {
  assert.deepEqual([change(5, 0), change(0, 0), change(5, 5), change(5, null), change(1, 2)], [
    "new",
    "",
    "=",
    "",
    "−50 %",
  ]);
});

test("a page explains the sign of days that are held back, and does not call 0 the most beside them", () => {
  const time = answer.time.map((step, index) =>
    index === 0 ? { ...step, people: 0, runs: 0 } : {
      ...step,
      people: null,
      runs: null,
    }
  );
  const page = renderReport({ ...answer, time, leastPeople: 5 }, { columns: 80, isColoured: false });
  assert.match(page, /^People .*· {2}most <5$/m);
  assert.match(page, /^·: a \w+ that is held back\.$/m);
});

test("a web page cuts a very long name, which is whole in its title", () => {
  const command = "x".repeat(5_000);
  const page = renderHtml({ ...answer, commands: [{ ...answer.commands[0], command }] });
  assert.ok(page.includes(`<th scope="row" title="${command}">${"x".repeat(119)}…</th>`));
  assert.equal(page.split(command).length, 2);
});
