import { HandoverFailed } from "@castle/dr-runbooks/runbooks/errors.ts";
import { expect } from "chai";

/** What a call was rejected with. @throws AssertionError when it was carried out */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => expect.fail(`it was carried out: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

/** The same of a handover that began, and did not get to its end. @throws whatever else it was rejected with */
export async function failure(promise: Promise<unknown>): Promise<HandoverFailed> {
  const error = await rejection(promise);
  if (error instanceof HandoverFailed) return error;
  throw error;
}
