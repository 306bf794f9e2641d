/**
 * The courier of programs that use the library: the module that their runtime is started with.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { runCourier } from "./courier.ts";

await runCourier();
runtime.exit(0);
