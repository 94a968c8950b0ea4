/**
 * Times on the way of a connection, in seconds. Each hop gives an idle connection up before the one behind it does, or a
 * request would be sent into a connection that is closing, and lost on its way:
 *
 *   accelerator 340 < load balancer < gateway 350 (services/order-gateway/http/public-server.ts)
 */
export const IDLE = { accelerator: 340, loadBalancer: 345, gateway: 350 } as const;

/**
 * The longest that a client keeps one connection, whatever it carries. After a failover a connection stays where it is:
 * the demoted cell closes its own, but not the one between client and load balancer. This ends it; a minute is the least
 * that AWS takes, and a new handshake a minute costs a bot nothing.
 */
export const CLIENT_KEEP_ALIVE = 60;

/** How long a target that leaves may finish what it began: a command is answered within a second, or refused. */
export const DEREGISTRATION_DELAY = 10;

/** A target is out after two checks that fail, and in after two that pass: the same as in the lab. */
export const HEALTH = { interval: 5, timeout: 2, healthyThreshold: 2, unhealthyThreshold: 2 } as const;
