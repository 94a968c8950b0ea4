/**
 * What keeps a rehearsal away from real accounts: a lab is reached on this machine alone, with credentials that open
 * nothing, given explicitly so that whatever the environment holds is never asked for.
 */
export const labCredentials = { accessKeyId: "castle-lab", secretAccessKey: "opens-nothing" } as const;

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/** True when the URL's host is this machine. @throws TypeError when it is no URL. */
export const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname);

/**
 * @param what names the endpoint in the error, for example `the witness's endpoint`.
 * @throws Error when the endpoint leads off this machine.
 */
export function requireLoopback(url: string, what: string): string {
  if (URL.canParse(url) && isLoopback(url)) return url;
  throw new Error(
    `${what} is "${url}", which is not on this machine: an explicit endpoint is for the lab alone (127.0.0.0/8, localhost or [::1]); leave it out to reach AWS`,
  );
}
