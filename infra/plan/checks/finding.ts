/** What a check found wrong; a plan with one fails. */
export interface Finding {
  readonly check: CheckName;
  readonly stack: string;
  /** URN of the resource; null when it is of the stack as a whole. */
  readonly resource: string | null;
  /** What is wrong, and what to do. */
  readonly message: string;
}

export const checkNames = ["names", "circles", "providers", "encryption"] as const;

export type CheckName = (typeof checkNames)[number];

/** What each check asks. */
export const questions: Readonly<Record<CheckName, string>> = {
  names: "every resource has a name of its own, logical and physical, in both stacks together",
  circles: "nothing waits for itself",
  providers: "every resource is asked of an explicit provider, and every AWS provider names its region",
  encryption: "every store is encrypted",
};
