import { peerOf } from "@castle/regions/catalogue.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import { z } from "zod";
import type { AwsClients } from "../clients.ts";
import type { CellRegion } from "../target.ts";
import { firstAnswer } from "./first-answer.ts";
import { sdk } from "./sdk.ts";

/** What a secret of an operator holds. Kept in memory alone: never printed, never recorded. */
const loginSchema = z.object({ username: z.string().min(1).optional(), password: z.string().min(1) });

export type Login = z.infer<typeof loginSchema>;

const PATIENCE = milliseconds(400);

/**
 * Read in the cell's own region; where that is silent, from the replica of the secret in the peer's.
 * @throws AggregateError of what each region said; an error never repeats what a secret holds
 */
export function loginOf(
  aws: Pick<AwsClients, "secrets">,
  secret: string,
  region: CellRegion,
  patience = PATIENCE,
): Promise<Login> {
  const ask = (from: CellRegion) => async (): Promise<Login> => {
    const { SecretString: text } = await aws
      .secrets(from)
      .send(new sdk.secretsManager.GetSecretValueCommand({ SecretId: secret }));
    return parse(text, `secret ${secret} in ${from}`);
  };
  return firstAnswer([ask(region), ask(peerOf(region))], patience);
}

function parse(text: string | undefined, what: string): Login {
  const parsed = loginSchema.safeParse(json(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${what} is not JSON with a password in it: {"username": …, "password": …}`);
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
