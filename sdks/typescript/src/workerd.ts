/** The package on Cloudflare Workers, whose `waitUntil` is in a module rather than in a global. */
import * as platform from "cloudflare:workers";
import { waitBy } from "./wait-until.js";

// Older runtimes have the module without it.
waitBy(platform.waitUntil);

export * from "./index.js";
