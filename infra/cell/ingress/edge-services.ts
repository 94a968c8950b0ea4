import { type Service, services } from "@castle/services/catalogue.ts";

/** A service that the edge leads to. */
export interface EdgeService extends Service {
  readonly port: number;
  readonly edgePort: number;
}

const leadsTo = (service: Service): service is EdgeService =>
  service.edgePort !== null && service.port !== null;

/** What the edge leads to: a listener and a target group each. */
export const edgeServices: readonly EdgeService[] = services.filter(leadsTo);

/** DNS name of each service under the platform's domain. */
const labels: Readonly<Partial<Record<Service["name"], string>>> = {
  "order-gateway": "api",
  "market-data": "stream",
};

/**
 * The names that a cell's certificate is for, the first being its own. Pure.
 * @throws Error that names a service which the edge leads to and nobody gave a name
 */
export const certificateDomains = (domain: string): readonly [string, ...string[]] => {
  const [first, ...rest] = edgeServices.map(({ name }) => {
    const label = labels[name];
    if (label === undefined)
      throw new Error(
        `the edge leads to ${name}, which has no DNS name: add one in infra/cell/ingress/edge-services.ts`,
      );
    return `${label}.${domain}`;
  });
  if (first === undefined) throw new Error("the edge leads to no service: see services/catalogue.ts");
  return [first, ...rest];
};
