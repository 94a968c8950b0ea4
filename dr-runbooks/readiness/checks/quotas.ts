import { seconds } from "@castle/regions/duration.ts";
import { type Quota, serviceQuotas } from "../../aws/readiness-quotas.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";
import { named } from "../named.ts";

export interface QuotaFound {
  /** Service and quota, as AWS codes them. */
  readonly code: string;
  readonly least: number;
  readonly active: Quota | undefined;
  readonly peer: Quota | undefined;
}

export const quotas: Check = {
  name: "quotas",
  why: "A quota that was raised in one region only stops the peer from growing to the load that it takes over.",
  mend: "aws service-quotas request-service-quota-increase in the region that has less; it can take days.",
  severity: "warns",
  deadline: seconds(30),
  look: async (world) => {
    const wanted = world.target.readiness?.quotas ?? [];
    if (wanted.length === 0) return notConfigured("quotas");
    const { active, peer } = await world.sides();
    const services = [...new Set(wanted.map(({ serviceCode }) => serviceCode))];
    const byService = new Map(
      await Promise.all(
        services.map(async (service) => {
          const both = [active, peer].map((region) =>
            named(
              `Service Quotas in ${region}`,
              serviceQuotas(world.connections.aws.quotas(region), service),
            ),
          );
          return [service, await Promise.all(both)] as const;
        }),
      ),
    );
    return judgeQuotas(
      wanted.map(({ serviceCode, quotaCode, least }) => {
        const [here, there] = byService.get(serviceCode) ?? [];
        const code = `${serviceCode} ${quotaCode}`;
        return { code, least, active: here?.get(quotaCode), peer: there?.get(quotaCode) };
      }),
    );
  },
};

/** Pure. */
export function judgeQuotas(found: readonly QuotaFound[]): Verdict {
  const against = found.flatMap(({ code, least, active, peer }) => {
    if (!peer) return [`${code} is not told in the peer`];
    const needed = Math.max(least, active?.value ?? 0);
    return peer.value >= needed
      ? []
      : [`${code} (${peer.name}) is ${peer.value} in the peer, ${needed} needed`];
  });
  return judged(against, {
    found: `${found.length} quotas of the peer suffice`,
    wanted: "each quota of the peer at least what the target asks, and what the active region has",
  });
}
