import type { Answered } from "./call.ts";
import { callBegun } from "./heard.ts";

/** The part of an SDK client by which its calls can be followed. */
interface Followed {
  readonly config: { readonly serviceId: string; region(): Promise<string> };
  readonly middlewareStack: {
    add(
      // biome-ignore lint/suspicious/noExplicitAny: every client has commands of its own types, and none of them matters here.
      middleware: (next: any, context: any) => any,
      options: {
        readonly step: "finalizeRequest";
        readonly name: string;
        readonly priority: "low";
        readonly override: boolean;
      },
    ): void;
  };
}

interface Given {
  readonly input: unknown;
}

/**
 * Lets a client tell of its calls to whoever listens (see {@link callBegun}), each attempt as it goes over the wire: what
 * was called, where, and what came of it.
 * @param ownNames our names for what we run: no other part of what a call carries is ever told, since it may be secret.
 */
export function tellingCalls<Client extends Followed>(client: Client, ownNames: ReadonlySet<string>): Client {
  const { config, middlewareStack } = client;
  // "Global Accelerator" is `globalaccelerator` to IAM; so it is with every service that is called here.
  const service = config.serviceId.replaceAll(" ", "").toLowerCase();
  middlewareStack.add(
    (next: (given: Given) => Promise<{ readonly output: unknown }>, context: { commandName?: string }) =>
      async (given: Given) => {
        const region = await config.region();
        const told = callBegun(() => ({
          ...{ service, region },
          operation: (context.commandName ?? "unknown").replace(/Command$/, ""),
          resource: resourceIn(given.input, ownNames),
        }));
        if (told === null) return next(given);
        try {
          const answered = await next(given);
          told({ ...metadataOf(answered.output), error: null });
          return answered;
        } catch (error) {
          told({ ...metadataOf(error), error: error instanceof Error ? error.name : "Error" });
          throw error;
        }
      },
    // Behind the SDK's own retries, so that each of them is told.
    { step: "finalizeRequest", name: "tellingCalls", priority: "low", override: true },
  );
  return client;
}

function resourceIn(input: unknown, ownNames: ReadonlySet<string>): string | null {
  if (typeof input !== "object" || input === null) return null;
  const named = Object.values(input).find((value) => typeof value === "string" && ownNames.has(value));
  return typeof named === "string" ? named : null;
}

/** Answers and errors of the SDK carry it alike. */
function metadataOf(outcome: unknown): Omit<Answered, "error"> {
  const metadata: unknown =
    typeof outcome === "object" && outcome !== null && "$metadata" in outcome ? outcome.$metadata : null;
  const { httpStatusCode = null, requestId = null } = (metadata ?? {}) as {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
  };
  return { status: httpStatusCode, requestId };
}
