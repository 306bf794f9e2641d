/**
 * Writes the JSON Schemas of profiles, for editors, and of reports, for what reads them. `deno task schema`
 *
 * @module
 */

import { toJsonSchema } from "@valibot/to-json-schema";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandTree, profileSchema } from "../lib/profile/schema.ts";
import { answerSchema } from "../lib/report/answer_schema.ts";

/** Where the schema of profiles lies. */
export const schemaFile: string = fileURLToPath(new URL("../schemas/profile.schema.json", import.meta.url));

/** Its address on the web, by which profiles name it in `$schema`. */
const schemaAddress =
  "https://raw.githubusercontent.com/giantswarm/gs-telemetry/main/schemas/profile.schema.json";

/** Where the schema of reports lies. */
export const reportSchemaFile: string = fileURLToPath(
  new URL("../schemas/report.schema.json", import.meta.url),
);

/** The schema's text; its patterns say in a regular expression what an error says in words. */
export function schemaText(): string {
  const schema = toJsonSchema(profileSchema, {
    target: "draft-07",
    errorMode: "throw",
    definitions: { command: commandTree },
  });
  return `${
    JSON.stringify({ $id: schemaAddress, title: "A profile of gs-telemetry", ...schema }, null, 2)
  }\n`;
}

/** The text of the schema of reports. */
export function reportSchemaText(): string {
  const schema = toJsonSchema(answerSchema, { target: "draft-07", errorMode: "throw" });
  return `${JSON.stringify({ title: "A report of gs-telemetry", ...schema }, null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(schemaFile, schemaText());
  writeFileSync(reportSchemaFile, reportSchemaText());
}
