import { statusObject } from "./objects.ts";

/** A request that the API refuses, as Kubernetes does: an HTTP status, a reason in one word, and a message. */
export class Refused extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.body = statusObject(status, reason, message);
  }
}
