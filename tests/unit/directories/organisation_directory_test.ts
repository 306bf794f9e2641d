import assert from "node:assert/strict";
import { test } from "node:test";
import {
  OrganisationDirectory,
  organisationDirectory,
  trustIn,
} from "../../../lib/directories/organisation_directory.ts";
import { runtime } from "../../../lib/runtime/mod.ts";
import { system } from "../../../lib/system/mod.ts";

const file = "/etc/gs-telemetry/settings.json";
const directory = { uid: 0, mode: 0o040755 };
const plain = { uid: 0, mode: 0o100644 };
type Ownership = ReturnType<typeof system.ownership>;

/** Judges a file as if it were owned so. */
function trustOf(owner: Ownership, expected: "directory" | "file") {
  const { ownership } = system;
  system.ownership = (asked) => asked === file ? owner : "missing";
  try {
    return trustIn(file, expected);
  } finally {
    system.ownership = ownership;
  }
}

test("organisationDirectory() is where the system keeps what holds for everyone", () => {
  const before = runtime.os;
  const pathOn = (os: string, variables: Record<string, string> = {}) => {
    Object.assign(runtime, { os });
    return organisationDirectory((name) => variables[name]).path;
  };
  try {
    assert.equal(pathOn("linux", { ProgramData: "D:/Data" }), "/etc/gs-telemetry");
    assert.equal(pathOn("freebsd"), "/etc/gs-telemetry");
    assert.equal(pathOn("darwin"), "/Library/Application Support/gs-telemetry");
    assert.match(pathOn("windows"), /^C:[/\\]ProgramData[/\\]gs-telemetry$/);
    assert.match(pathOn("windows", { ProgramData: "D:/Data" }), /^D:\/Data[/\\]gs-telemetry$/);
  } finally {
    Object.assign(runtime, { os: before });
  }
});

test("OrganisationDirectory owns its paths", () => {
  const { settings, profiles } = new OrganisationDirectory("/o");
  assert.deepEqual([settings, profiles], ["/o/settings.json", "/o/profiles"]);
});

const trusts: [owner: Ownership, expected: "directory" | "file", kind: string, reason?: string][] = [
  ["missing", "file", "missing"],
  ["unknown", "file", "unknown"],
  [directory, "directory", "trusted"],
  [plain, "file", "trusted"],
  [plain, "directory", "ignored", "is no directory"],
  [directory, "file", "ignored", "is no file"],
  [{ uid: 0, mode: 0o120777 }, "file", "ignored", "is a symbolic link"],
  [{ uid: 7, mode: 0o100644 }, "file", "ignored", "belongs to user 7, not to root"],
  [{ uid: 0, mode: 0o100664 }, "file", "ignored", "may be written by others than root"],
  [{ uid: 0, mode: 0o100646 }, "file", "ignored", "may be written by others than root"],
];

for (const [owner, expected, kind, reason] of trusts) {
  test(`trustIn() is ${kind} for ${JSON.stringify(owner)} as a ${expected}`, () => {
    const trust = trustOf(owner, expected);
    assert.deepEqual(trust, reason === undefined ? { kind } : { kind, reason });
  });
}
