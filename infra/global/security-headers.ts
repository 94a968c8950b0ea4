import { services } from "@castle/services/catalogue.ts";
import { hostsOf } from "./hosts.ts";

const portOf = (service: string): string => {
  const port = services.find(({ name }) => name === service)?.edgePort;
  return port === 443 || port === undefined || port === null ? "" : `:${port}`;
};

/** Whom the portal's pages may talk to, and that nobody may put them into a frame or a script into them. */
export function contentSecurityPolicy(domain: string, signIn: string): string {
  const { api, stream } = hostsOf(domain);
  return [
    "default-src 'self'",
    `connect-src 'self' https://${api}${portOf("order-gateway")} wss://${stream}${portOf("market-data")} https://${signIn}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    `form-action 'self' https://${signIn}`,
    "frame-ancestors 'none'",
    "upgrade-insecure-requests",
  ].join("; ");
}

/** What every answer of CloudFront carries, whatever the bucket said. */
export const securityHeaders = (domain: string, signIn: string) => ({
  securityHeadersConfig: {
    contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(domain, signIn), override: true },
    strictTransportSecurity: {
      accessControlMaxAgeSec: 63_072_000,
      includeSubdomains: true,
      preload: true,
      override: true,
    },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: "DENY", override: true },
    referrerPolicy: { referrerPolicy: "no-referrer", override: true },
  },
  customHeadersConfig: {
    items: [
      { header: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()", override: true },
      { header: "Cross-Origin-Opener-Policy", value: "same-origin", override: true },
    ],
  },
});
