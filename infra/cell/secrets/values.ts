import { storeOwner } from "./specs.ts";

/** How many letters and digits are asked for: those of every secret go into URLs as they are. */
export const VALUE_LENGTH = 43;

/**
 * What a secret holds, from so many random letters and digits: the shape that who reads it asks for
 * (dr-runbooks/aws/login.ts; `CASTLE_SEAL_KEY` of services/kernel/config.ts).
 */
export function secretText(made: "login" | "password" | "seal-key", random: string): string {
  switch (made) {
    case "login":
      return JSON.stringify({ username: storeOwner, password: random });
    case "password":
      return JSON.stringify({ password: random });
    case "seal-key":
      // 43 characters of base64 and its padding are 32 bytes.
      return JSON.stringify({ key: `${random}=` });
  }
}

/** @throws Error that names the secret, and repeats nothing of what is in it */
export function passwordIn(secret: string, text: string): string {
  try {
    const { password } = JSON.parse(text) as { readonly password?: unknown };
    if (typeof password === "string" && password !== "") return password;
  } catch {
    // Told below: the parser's own message would repeat a piece of the secret.
  }
  throw new Error(`secret ${secret} is not JSON with a password in it: {"username": …, "password": …}`);
}
