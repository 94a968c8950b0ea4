const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its name cannot be resolved",
  EAI_AGAIN: "its name cannot be resolved",
  EHOSTUNREACH: "no route leads there",
  ENETUNREACH: "no route leads there",
  ECONNRESET: "the other end broke the connection off",
  EPIPE: "the other end broke the connection off",
  ETIMEDOUT: "the other end stopped answering",
  ERR_SSL_WRONG_VERSION_NUMBER: "what answers there does not speak TLS",
};

/** What a person understands of an error of `node:net` or `node:tls`, with its code for those who want it. */
export function describeSocketError(error: NodeJS.ErrnoException): string {
  const { code = error.name, message } = error;
  const reason = REASONS[code];
  return reason === undefined ? `the connection failed: ${message.trim() || code}` : `${reason} (${code})`;
}
