/** A preview cannot be had as it was asked for: what was wrong, and what to do. Nothing was begun. */
export class PreviewRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PreviewRefused";
  }
}
