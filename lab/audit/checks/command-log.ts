import type { Findings } from "../findings.ts";
import type { StandingStream } from "../standing.ts";

/** The command log in itself: every stream whole, every client id once, everything applied. */
export function checkCommandLog(
  streams: readonly StandingStream[],
  symbols: readonly string[],
  findings: Findings,
): void {
  const firstUse = new Map<string, string>();
  findings.checked("commands", 0);
  for (const { stream, commands, lastSeq, appliedSeq } of streams) {
    findings.checked("commands", commands.length);
    let expected = 1;
    for (const { seq, accountId, clientId, command } of commands) {
      for (; expected < seq; expected++)
        findings.add("seqGaps", `${stream} ${expected} is missing in the command log`);
      if (seq < expected)
        findings.add("duplicatedEffects", `${stream} ${seq} stands twice in the command log`);
      expected = seq + 1;
      const key = `${accountId} ${command.kind} ${clientId}`;
      const first = firstUse.get(key);
      if (first === undefined) firstUse.set(key, `${stream} ${seq}`);
      else
        findings.add(
          "duplicatedEffects",
          `account ${accountId}'s ${command.kind} "${clientId}" is both ${first} and ${stream} ${seq}`,
        );
    }
    for (; expected <= lastSeq; expected++)
      findings.add(
        "seqGaps",
        `${stream} ${expected} is missing: the stream says that it reaches to ${lastSeq}`,
      );
    if (expected - 1 > lastSeq)
      findings.add("seqGaps", `${stream} holds command ${expected - 1}, beyond its end at ${lastSeq}`);
    for (let seq = appliedSeq + 1; seq <= lastSeq; seq++)
      findings.add("contradicted", `${stream} ${seq} was accepted and never applied`);
  }
  for (const symbol of symbols)
    if (!streams.some(({ stream }) => stream === symbol))
      findings.add("seqGaps", `the database knows no stream ${symbol}`);
}
