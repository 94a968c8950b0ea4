import { milliseconds } from "@castle/regions/duration.ts";
import type { RetryPolicy } from "../../engine/step.ts";
import { isTransient } from "../../engine/transient.ts";

/** For what is asked of a cell that may be lost: a refused connection is not asked again until the time is up. */
export const fewTimes: RetryPolicy = { attempts: 3, pause: milliseconds(100), transient: isTransient };
