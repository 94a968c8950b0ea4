/** A stack's outputs could not be had, or are not what Castle needs: what was wrong, and what to do. */
export class OutputsUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OutputsUnusable";
  }
}

/** The outputs are well; AWS, as this process reaches it, is not the AWS they mean. */
export class OtherAccount extends Error {
  constructor(acting: { readonly account: string; readonly arn: string }, expected: string) {
    super(
      `this process acts as ${acting.arn} in account ${acting.account}, and the stack is in account ${expected}: choose the profile of that account (AWS_PROFILE)`,
    );
    this.name = "OtherAccount";
  }
}
