/**
 * Where signals go: by an option, its variable, the organisation's settings, this build, or the default.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { knownOrganisation } from "../consent/organisation.ts";
import type { Environment } from "../runtime/runtime.ts";
import { defaultEndpoint } from "../signal/endpoint.ts";
import { checkValue, findOption, optionDefinitions, type Options, VariableError } from "./options.ts";
import { byBrand, byDefault, type Sourced } from "./source.ts";

/** The ingest server and the namespace there. */
export interface Address {
  readonly endpoint: Sourced;
  readonly namespace: Sourced | undefined;
}

/**
 * Finds where signals go.
 *
 * @throws {VariableError} If a variable or the organisation's settings have a wrong value.
 */
export function findAddress(options: Options, env: Environment): Address {
  return {
    endpoint: findOption("endpoint", options, env) ?? ofOrganisation("endpoint") ??
      byBrand(brand.endpoint) ?? byDefault(defaultEndpoint),
    namespace: findOption("namespace", options, env) ?? ofOrganisation("namespace") ??
      byBrand(brand.namespace),
  };
}

function ofOrganisation(key: "endpoint" | "namespace"): Sourced | undefined {
  const { file, [key]: value } = knownOrganisation();
  if (value === undefined) return undefined;
  try {
    checkValue(`${key} in ${file}`, value, optionDefinitions[key]);
    return { value, source: { kind: "organisation", file } };
  } catch (error) {
    throw new VariableError(file, (error as Error).message);
  }
}
