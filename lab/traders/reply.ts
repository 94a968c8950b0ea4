/** An answer of the edge, with the cell's own headers. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  /** X-Castle-Region and X-Castle-Epoch: who answered. null when the header is missing. */
  readonly region: string | null;
  readonly epoch: number | null;
}

/** What a client knows after one attempt. */
export type Attempt =
  | { readonly kind: "answered"; readonly reply: Reply }
  /** It left, or may have left, and nothing tells what became of it. */
  | { readonly kind: "unanswered"; readonly because: string }
  /** It never left this process. */
  | { readonly kind: "not-sent"; readonly because: string };

/** What a trader concludes from an attempt. */
export type Conclusion =
  | { readonly kind: "done"; readonly reply: Reply }
  /** A definite no: the request was understood, and will not be executed however often it is sent. */
  | { readonly kind: "refused"; readonly reply: Reply; readonly code: number }
  /** Durable, but its result is not known yet. */
  | { readonly kind: "accepted"; readonly reply: Reply }
  /** Certainly not executed: send it again. */
  | { readonly kind: "not-executed"; readonly because: string }
  /** Perhaps executed: ask. */
  | { readonly kind: "unknown"; readonly because: string };

/** Castle's code for "not executed: this cell does not accept now". */
const NOT_ACCEPTING = -1001;
/** Accepted and durable, but the matched result is late. */
const RESULT_LATE = -1007;

/** What an attempt means, by the rules of the trading API. Whatever is not certain is unknown. */
export function conclude(attempt: Attempt): Conclusion {
  if (attempt.kind === "not-sent") return { kind: "not-executed", because: attempt.because };
  if (attempt.kind === "unanswered") return { kind: "unknown", because: attempt.because };
  const { reply } = attempt;
  if (reply.status >= 200 && reply.status < 300) return { kind: "done", reply };
  const error = readError(reply.body);
  const said = `HTTP ${reply.status}${error ? ` ${error.code}` : ""}`;
  if (reply.status === 503 && error?.code === NOT_ACCEPTING) return { kind: "not-executed", because: said };
  if (reply.status === 504 && error?.code === RESULT_LATE) return { kind: "accepted", reply };
  if (reply.status === 429 || reply.status === 418) return { kind: "not-executed", because: said };
  if (reply.status >= 400 && reply.status < 500 && error) return { kind: "refused", reply, code: error.code };
  return { kind: "unknown", because: said };
}

function readError(body: string): { code: number } | null {
  try {
    const { code } = JSON.parse(body);
    return typeof code === "number" ? { code } : null;
  } catch {
    return null;
  }
}
