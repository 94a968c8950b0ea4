/** The names under which the platform is reached, from its domain. */
export interface Hosts {
  readonly apex: string;
  readonly portal: string;
  readonly api: string;
  readonly stream: string;
}

export const hostsOf = (domain: string): Hosts => ({
  apex: domain,
  portal: `portal.${domain}`,
  api: `api.${domain}`,
  stream: `stream.${domain}`,
});

/** What the accelerator answers for. */
export const edgeHosts = (domain: string): readonly string[] => [hostsOf(domain).api, hostsOf(domain).stream];

/** What CloudFront answers for. */
export const frontHosts = (domain: string): readonly string[] => [
  hostsOf(domain).apex,
  hostsOf(domain).portal,
];
