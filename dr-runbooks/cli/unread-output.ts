/** Told by a stream whose reader went away: `castle … | head`, a pipe to a program that died, a terminal that closed. */
const GONE = new Set(["EPIPE", "EIO", "ECONNRESET", "ERR_STREAM_DESTROYED"]);

/** As a shell names the end of a program that nobody reads any more: 128 + SIGPIPE. */
const UNREAD = 141;

let atWork = 0;

/** Told when the terminal closes, or the connection to it breaks. */
const hungUp = (): void => undefined;

/**
 * While somebody's runbook is at work it goes on unread, since half a handover helps nobody: its record tells the rest. A
 * terminal that closes does not end it either; what was being asked there is not answered, and waits for a signed file.
 * @returns what ends this
 */
export function goOnUnread(): () => void {
  if (atWork === 0) process.on("SIGHUP", hungUp);
  atWork += 1;
  return () => {
    atWork -= 1;
    if (atWork === 0) process.off("SIGHUP", hungUp);
  };
}

/** Any other command ends quietly when nobody reads it any more. Called once, by what starts the process. */
export function endWhenUnread(
  streams: readonly NodeJS.WritableStream[],
  end: (exitCode: number) => void = process.exit,
): void {
  for (const stream of streams)
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!GONE.has(error.code ?? "")) throw error;
      if (atWork === 0) end(UNREAD);
    });
}
