/** The part of an SDK client by which its requests can be looked at before they leave. */
interface Watchable {
  readonly middlewareStack: {
    add(
      // biome-ignore lint/suspicious/noExplicitAny: every client has commands of its own types, and none of them matters here.
      middleware: (next: any) => any,
      options: { readonly step: "build"; readonly name: string; readonly override: boolean },
    ): void;
  };
}

const AWS = /\.(amazonaws\.com(\.cn)?|api\.aws)$/;

/**
 * Lets a client's requests leave for AWS alone, over TLS: an environment or a profile can name another endpoint
 * (`AWS_ENDPOINT_URL`), and what is meant for AWS would then be told to whoever listens there. Refused before it is
 * signed.
 */
export function onlyToAws<Client extends Watchable>(client: Client): Client {
  client.middlewareStack.add(
    (next: (given: { readonly request: unknown }) => unknown) => (given: { readonly request: unknown }) => {
      requireAws(given.request);
      return next(given);
    },
    { step: "build", name: "onlyToAws", override: true },
  );
  return client;
}

/** @throws Error when the request leads elsewhere. */
function requireAws(request: unknown): void {
  const { protocol, hostname } = request as { readonly protocol?: string; readonly hostname?: string };
  if (protocol === "https:" && AWS.test(hostname ?? "")) return;
  throw new Error(
    `a request for AWS would go to ${protocol}//${hostname}: remove AWS_ENDPOINT_URL… from the environment, and endpoint_url from the profile`,
  );
}
