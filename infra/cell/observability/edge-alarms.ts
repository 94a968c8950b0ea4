import type { Alarm, Watched } from "./alarm.ts";
import { type Subjects, targetGroupOf } from "./subjects.ts";

/** Fewer requests a minute than this and a share of them says nothing. */
const ENOUGH_REQUESTS = 100;

/** What traders meet. The edge leads to the active cell alone, so that these are silent in the standby by themselves. */
export function edgeAlarms(subjects: Subjects): Alarm[] {
  const { loadBalancer, certificateArn, prefix, region } = subjects;
  const TargetGroup = targetGroupOf(subjects, "order-gateway");
  const ofBalancer = (metric: string): Watched => ({
    ...{ namespace: "AWS/ApplicationELB", metric, statistic: "Sum" },
    dimensions: { LoadBalancer: loadBalancer },
  });
  const ofGateway = (metric: string, statistic: string): Watched => ({
    ...{ namespace: "AWS/ApplicationELB", metric, statistic },
    dimensions: { LoadBalancer: loadBalancer, TargetGroup },
  });
  const requests = ofBalancer("RequestCount");
  return [
    {
      name: "answers-5xx",
      why: "More than one answer in a hundred is an error of ours: traders cannot place orders, or not learn what became of them.",
      mend: "castle status: is the cell active and its gate open? Then the gateways' logs. Alive and wrong in this region alone: castle failover or switchover.",
      look: {
        kind: "formula",
        formula: `IF(requests >= ${ENOUGH_REQUESTS}, 100 * (FILL(own, 0) + FILL(theirs, 0)) / requests, 0)`,
        of: {
          requests,
          own: ofBalancer("HTTPCode_ELB_5XX_Count"),
          theirs: ofBalancer("HTTPCode_Target_5XX_Count"),
        },
      },
      ...{ comparison: "GreaterThanThreshold", threshold: 1, periodSeconds: 60, breaching: [3, 5] },
      missing: "notBreaching",
    },
    {
      name: "orders-slow",
      why: "One order in a hundred takes longer than a quarter of a second: an acknowledgement waits for the database and for the peer's journal.",
      mend: "Look which of them is slow: database-commits-slow here, journal-slow in the peer, journal-fails; then at the matching engine's CPU, and the gateways'.",
      look: { kind: "metric", of: ofGateway("TargetResponseTime", "p99") },
      ...{ comparison: "GreaterThanThreshold", threshold: 0.25, periodSeconds: 60, breaching: [3, 5] },
      missing: "notBreaching",
    },
    {
      name: "traffic-while-refusing",
      why: "Traders are led to a cell that is not active and refuses them: neither cell is active, or the edge is turned the wrong way.",
      mend: "castle status, then castle readiness: a handover that was left half-way is finished with castle resume; an endpoint's weight is set right with castle rejoin.",
      look: {
        kind: "formula",
        formula: `IF(FILL(healthy, 0) < 1 AND FILL(requests, 0) >= ${ENOUGH_REQUESTS}, 1, 0)`,
        of: { requests, healthy: ofGateway("HealthyHostCount", "Maximum") },
      },
      ...{ comparison: "GreaterThanOrEqualToThreshold", threshold: 1, periodSeconds: 60, breaching: [3, 3] },
      missing: "notBreaching",
    },
    {
      name: "firewall-limits-an-address",
      why: "One address sends more than any bot we know: an attack, or a large trader behind one address who is being turned away with 403.",
      mend: "Read the firewall's log for the address. A known trader: raise the limit in infra/cell/ingress/firewall-rules.ts.",
      look: {
        kind: "metric",
        of: {
          ...{ namespace: "AWS/WAFV2", metric: "BlockedRequests", statistic: "Sum" },
          dimensions: { WebACL: `${prefix}-firewall`, Region: region, Rule: "one-address" },
        },
      },
      ...{ comparison: "GreaterThanThreshold", threshold: 1_000, periodSeconds: 300, breaching: [1, 1] },
      missing: "notBreaching",
    },
    {
      name: "certificate-ends",
      why: "The load balancer's certificate ends within a month: it should have been renewed by itself, and without it traders refuse the cell.",
      mend: "aws acm describe-certificate tells the renewal's status; a validation record that was removed from the zone is the usual cause.",
      look: {
        kind: "metric",
        of: {
          ...{ namespace: "AWS/CertificateManager", metric: "DaysToExpiry", statistic: "Minimum" },
          dimensions: { CertificateArn: certificateArn },
        },
      },
      ...{ comparison: "LessThanThreshold", threshold: 30, periodSeconds: 300, breaching: [1, 1] },
      // Told once a day.
      missing: "ignore",
    },
  ];
}
