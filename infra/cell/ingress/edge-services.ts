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
