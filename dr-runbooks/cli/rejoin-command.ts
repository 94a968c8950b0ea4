import { operateCommand } from "./operate.ts";
import type { OperationFlags } from "./register-operations.ts";

/** `castle rejoin`. @returns the exit code */
export const rejoinCommand = (flags: OperationFlags): Promise<number> => operateCommand("rejoin", flags);
