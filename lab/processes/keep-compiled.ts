/**
 * Loaded before a service (`node --import`): writes what was compiled into NODE_COMPILE_CACHE once the service has
 * loaded. Node does so when a process ends in good order, which a lab's processes seldom do.
 */
import { flushCompileCache } from "node:module";

const LOADED_AFTER_MS = 3_000;

setTimeout(() => flushCompileCache(), LOADED_AFTER_MS).unref();
