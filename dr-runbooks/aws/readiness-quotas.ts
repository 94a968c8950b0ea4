import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { sdk } from "./sdk.ts";

export interface Quota {
  readonly name: string;
  readonly value: number;
}

/** The quotas that apply to a service in the client's region, by code. */
export async function serviceQuotas(
  client: ServiceQuotasClient,
  serviceCode: string,
): Promise<ReadonlyMap<string, Quota>> {
  const quotas = new Map<string, Quota>();
  for await (const { Quotas = [] } of sdk.serviceQuotas.paginateListServiceQuotas(
    { client },
    { ServiceCode: serviceCode },
  ))
    for (const { QuotaCode, QuotaName, Value } of Quotas)
      if (QuotaCode !== undefined && Value !== undefined)
        quotas.set(QuotaCode, { name: QuotaName ?? QuotaCode, value: Value });
  return quotas;
}
