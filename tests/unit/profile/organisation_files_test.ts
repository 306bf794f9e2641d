import assert from "node:assert/strict";
import { test } from "node:test";
import { readOrganisation } from "../../../lib/consent/organisation.ts";
import { organisationDirectory } from "../../../lib/directories/organisation_directory.ts";
import { listOrganisationFiles, markOrganisations } from "../../../lib/profile/folder.ts";
import { wholeCandidate } from "../../../lib/profile/profile.ts";
import { system } from "../../../lib/system/mod.ts";

const { path, profiles } = organisationDirectory(() => undefined);
const directory = { uid: 0, mode: 0o040755 };
const file = { uid: 0, mode: 0o100644 };
type Ownership = ReturnType<typeof system.ownership>;

/** Runs a test as if the organisation had these profiles, owned so. */
function withProfiles(folder: Ownership, files: Readonly<Record<string, Ownership>>, act: () => void): void {
  const { ownership } = system;
  const { exists, listFiles } = system.files;
  const owners: Record<string, Ownership> = { [path]: directory, [profiles]: folder };
  for (const [name, owner] of Object.entries(files)) owners[`${profiles}/${name}`] = owner;
  system.ownership = (asked) => owners[asked] ?? "missing";
  Object.assign(system.files, { exists: () => true, listFiles: () => Object.keys(files) });
  try {
    readOrganisation();
    act();
  } finally {
    system.ownership = () => "missing";
    readOrganisation();
    system.ownership = ownership;
    Object.assign(system.files, { exists, listFiles });
  }
}

test("listOrganisationFiles() lists what nobody but root could have written, and says what it left out", () => {
  const files = { "a.json": file, "b.json": { ...file, uid: 7 }, "c.json": "unknown" } as const;
  withProfiles(directory, files, () =>
    assert.deepEqual(listOrganisationFiles(), {
      paths: [`${profiles}/a.json`],
      ignored: [{ path: `${profiles}/b.json`, reason: "belongs to user 7, not to root" }],
    }));
  withProfiles({ ...directory, uid: 7 }, files, () =>
    assert.deepEqual(listOrganisationFiles(), {
      paths: [],
      ignored: [{ path: profiles, reason: "belongs to user 7, not to root" }],
    }));
  withProfiles("missing", files, () => assert.deepEqual(listOrganisationFiles(), { paths: [], ignored: [] }));
});

test("markOrganisations() marks the profiles in the organisation's directory alone", () => {
  const candidate = (source: string) =>
    wholeCandidate({ name: "x", displayName: "x", match: [], root: { name: "x" } }, source);
  const all = [candidate(`${profiles}/x.json`), candidate(`${profiles}.json`)];
  withProfiles(directory, {}, () => {
    assert.deepEqual(markOrganisations(all).map(({ origin }) => origin), ["organisation", "user"]);
  });
  assert.deepEqual(markOrganisations(all).map(({ origin }) => origin), ["user", "user"]);
});
