import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isOptionOf, parseCommandLine } from "../../../lib/run/command_line.ts";

const uuid = "0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a";

function parse(...words: string[]) {
  return parseCommandLine("run", words);
}

test("parseCommandLine() ends the options at the first word that is not one", () => {
  assert.deepEqual(parse("--name", "acme", "kubectl", "--name", "x", "--", "-h"), {
    kind: "command",
    options: { name: "acme" },
    command: ["kubectl", "--name", "x", "--", "-h"],
  });
});

test("parseCommandLine() takes the options of explain when the subcommand is explain", () => {
  for (const name of ["human", "json"]) {
    const line = parseCommandLine("explain", [`--${name}`, "--test-mode", "true"]);
    assert.deepEqual(line, { kind: "command", options: { [name]: "", testMode: "" }, command: ["true"] });
  }
});

test("parseCommandLine() ends the options at --", () => {
  assert.deepEqual(parse("--", "--app-id"), { kind: "command", options: {}, command: ["--app-id"] });
  assert.deepEqual(parse("--", "--", "x"), { kind: "command", options: {}, command: ["--", "x"] });
  assert.deepEqual(parse("-", "x"), { kind: "command", options: {}, command: ["-", "x"] });
});

test("parseCommandLine() takes a value as its own word and after =", () => {
  const expected = { kind: "command", options: { session: uuid, name: "a=b" }, command: ["true"] };
  assert.deepEqual(parse("--session", uuid, "--name=a=b", "true"), expected);
});

test("parseCommandLine() asks for help only before the command", () => {
  assert.deepEqual(parse("--help"), { kind: "help" });
  assert.deepEqual(parse("--test-mode", "-h", "true"), { kind: "help" });
  assert.equal(parse("true", "--help").kind, "command");
});

test("parseCommandLine() gives an unknown option back, without its value", () => {
  for (const option of ["--appid", "-x", "--constructor", "-app-id", "--json", "--human"]) {
    assert.deepEqual(parse(option, "true"), { kind: "unknown option", option });
    assert.deepEqual(parse("--test-mode", `${option}=1`, "true"), { kind: "unknown option", option });
  }
});

test("parseCommandLine() gives --wait its value behind = only", () => {
  const command = ["5", "true"];
  assert.deepEqual(parse("--wait", ...command), { kind: "command", options: { wait: "5" }, command });
  assert.deepEqual(parse("--wait=0.5", ...command), { kind: "command", options: { wait: "0.5" }, command });
});

test("parseCommandLine() lets the last of two count, and passes the first -- over", () => {
  const line = parse("--name=a", "--name", "b", "--", "--", "x");
  assert.deepEqual(line, { kind: "command", options: { name: "b" }, command: ["--", "x"] });
  assert.deepEqual(parse("--name", "--name", "x"), {
    kind: "command",
    options: { name: "--name" },
    command: ["x"],
  });
  assert.deepEqual(parse("--name", "--help", "x"), {
    kind: "command",
    options: { name: "--help" },
    command: ["x"],
  });
  assert.deepEqual(parse("", "x"), { kind: "command", options: {}, command: ["", "x"] });
});

test("isOptionOf() keeps the options of one subcommand from the other", () => {
  assert.equal(isOptionOf({ flag: "--x", description: "" }, "run"), true);
  assert.equal(isOptionOf({ flag: "--x", description: "", only: "explain" }, "run"), false);
  assert.equal(isOptionOf({ flag: "--x", description: "", only: "explain" }, "explain"), true);
});

const wrong: [words: string[], message: string][] = [
  [["--wait="], "--wait is '' but should be a number of seconds, such as 5"],
  [["--test-mode=", "true"], "--test-mode takes no value"],
  [["--name"], "--name needs a value: --name NAME"],
  [[], "run needs a command: gs-telemetry run -- COMMAND [ARG...]"],
  [["--test-mode", "--"], "run needs a command: gs-telemetry run -- COMMAND [ARG...]"],
  [["--app-id"], "--app-id needs a value: --app-id UUID"],
  [["--test-mode=1", "true"], "--test-mode takes no value"],
  [
    ["--app-id", "acme", "true"],
    "--app-id is 'acme' but should be a UUID, such as 4539763B-A291-4835-B832-9BEB80CA7039",
  ],
  [
    ["--endpoint", "acme", "true"],
    "--endpoint is 'acme' but should be an https URL, or an http URL of this machine, without a password or a query",
  ],
  [
    ["--endpoint", "http://example.org/v2/", "true"],
    "--endpoint is 'http://example.org/v2/' but should be an https URL, or an http URL of this machine, without a password or a query",
  ],
  [
    ["--endpoint", "http://127.0.0.1.example.org/", "true"],
    "--endpoint is 'http://127.0.0.1.example.org/' but should be an https URL, or an http URL of this machine, without a password or a query",
  ],
  [
    ["--endpoint", "https://user:SECRET@example.org/", "true"],
    "--endpoint is 'https://…@example.org/' but should be an https URL, or an http URL of this machine, without a password or a query",
  ],
  [["--name=", "true"], "--name is '' but should be a text that is not empty"],
  [
    ["--namespace", "../x", "true"],
    "--namespace is '../x' but should be letters, digits, dots, hyphens and underscores",
  ],
];

for (const [words, message] of wrong) {
  test(`parseCommandLine() throws when given ${JSON.stringify(words)}`, () => {
    assert.throws(() => parse(...words), { name: "UsageError", message });
  });
}

for (
  const endpoint of [
    "https://example.org/",
    "http://localhost:1/",
    "http://127.1.2.3/v2/",
    "http://[::1]:80/",
  ]
) {
  test(`parseCommandLine() takes the endpoint ${endpoint}`, () => {
    assert.equal(parse("--endpoint", endpoint, "true").kind, "command");
  });
}

test("parseCommandLine() gives every word behind -- to the command, unchanged", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (words) => {
      assert.deepEqual(parse("--", ...words), { kind: "command", options: {}, command: words });
    }),
  );
});
