import { Socket } from "node:net";

/** Loaded into a pack before it starts: whoever holds the other end of its input and dies, however, ends the pack too. */
process.stdin.once("close", () => process.exit()).resume();
// It keeps no pack at work that would end by itself.
if (process.stdin instanceof Socket) process.stdin.unref();
