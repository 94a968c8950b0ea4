import { operateCommand } from "./operate.ts";
import type { OperationFlags } from "./register-operations.ts";

/** `castle isolate`. @returns the exit code */
export const isolateCommand = (flags: OperationFlags): Promise<number> => operateCommand("isolate", flags);
