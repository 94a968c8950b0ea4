/** What a call to AWS is, as the SDK and IAM name it. */
export interface Asked {
  /** As IAM names it: `rds`, `dynamodb`. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  /** What it was about, where that is one of our own names; never anything else of what it carried. */
  readonly resource: string | null;
}

/** What came of it. */
export interface Answered {
  /** HTTP status; null when nothing answered. */
  readonly status: number | null;
  /** The error's name; null of a call that succeeded. */
  readonly error: string | null;
  /** By which AWS finds it again. */
  readonly requestId: string | null;
}

/** A call to AWS as it was made. */
export interface CallMade extends Asked, Answered {
  /** When it was answered, or given up: milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
}

/** What the operations that change nothing are called, whatever the service. */
const READS = /^(?:BatchGet|BatchCheck|Describe|Get|Head|List|Query|Scan)/;

/** Whether an operation changes nothing. AWS keeps to this in its names. */
export const readsOnly = (operation: string): boolean => READS.test(operation);
