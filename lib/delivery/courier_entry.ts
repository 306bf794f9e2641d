/**
 * The courier of programs that use the library: the module that their runtime is started with.
 *
 * @module
 */

import { runCourier } from "./courier.ts";
import { runtime } from "../runtime/mod.ts";

await runCourier();
runtime.exit(0);
