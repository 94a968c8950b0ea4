/**
 * By type: properties that a program gives in part, and AWS completes with what it alone can tell. In a preview Pulumi's
 * provider leaves the parts unknown that are to come, which takes its schema; here the whole property is unknown.
 */
export const completed: Readonly<Record<string, readonly string[]>> = {
  // `tokens` are what the domain's records must say.
  "aws:sesv2/emailIdentity:EmailIdentity": ["dkimSigningAttributes"],
};
