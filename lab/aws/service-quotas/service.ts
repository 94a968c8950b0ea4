import {
  GetServiceQuota$,
  type GetServiceQuotaRequest,
  IllegalArgumentException$,
  InvalidPaginationTokenException$,
  ListServiceQuotas$,
  type ListServiceQuotasRequest,
  NoSuchResourceException$,
  ServiceException$,
  type ServiceQuota,
  TooManyRequestsException$,
} from "@aws-sdk/client-service-quotas";
import { regionNames } from "@castle/regions/catalogue.ts";
import { modelledFault } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import { type AwsService, type Call, operation, type ServiceParts } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import { type Quota, quotaServices } from "./quotas.ts";

/** Service Quotas, for the services that the cells run on: the same in every region, each counting its own use. */
export function serviceQuotas({ identifiers }: ServiceParts): AwsService {
  const describe = (serviceCode: string, quota: Quota, { region }: Call): ServiceQuota => ({
    ServiceCode: serviceCode,
    ServiceName: serviceOf(serviceCode).name,
    QuotaArn: `arn:aws:servicequotas:${region}:${identifiers.account}:${serviceCode}/${quota.code}`,
    QuotaCode: quota.code,
    QuotaName: quota.name,
    Value: quota.value,
    Unit: "None",
    Adjustable: quota.adjustable,
    GlobalQuota: false,
    QuotaAppliedAtLevel: "ACCOUNT",
  });

  async function list(input: ListServiceQuotasRequest, call: Call) {
    const { ServiceCode = "", QuotaCode, QuotaAppliedAtLevel: level = "ACCOUNT" } = input;
    const quotas = serviceOf(ServiceCode)
      .quotas.filter(({ code }) => QuotaCode === undefined || code === QuotaCode)
      .filter(() => level !== "RESOURCE"); // all of these are the account's
    const paging = { MaxRecords: input.MaxResults, Marker: input.NextToken };
    const page = pageOf(quotas, ({ code }) => code, paging);
    if (page === null) throw modelledFault(InvalidPaginationTokenException$, "Invalid token was used.");
    return {
      Quotas: page.items.map((quota) => describe(ServiceCode, quota, call)),
      ...(page.Marker !== undefined && { NextToken: page.Marker }),
    };
  }

  async function get({ ServiceCode = "", QuotaCode = "", ContextId }: GetServiceQuotaRequest, call: Call) {
    if (ContextId !== undefined)
      throw modelledFault(IllegalArgumentException$, "ContextId: the lab has no quota of a single resource");
    const quota = serviceOf(ServiceCode).quotas.find(({ code }) => code === QuotaCode);
    if (!quota) throw noSuch(`The quota ${QuotaCode} of ${ServiceCode} does not exist.`);
    return { Quota: describe(ServiceCode, quota, call) };
  }

  return {
    signingName: "servicequotas",
    regions: regionNames,
    protocol: jsonProtocol({ version: "1.1", serviceTarget: "ServiceQuotasV20190624" }),
    failures: {
      throttled: () =>
        modelledFault(TooManyRequestsException$, "Too many requests; throttling is in effect."),
      internal: () => modelledFault(ServiceException$, "Something went wrong."),
    },
    operations: [
      operation<ListServiceQuotasRequest>(ListServiceQuotas$, list, { MaxResults: { min: 1, max: 100 } }),
      operation<GetServiceQuotaRequest>(GetServiceQuota$, get),
    ],
  };
}

function serviceOf(code: string) {
  const service = Object.hasOwn(quotaServices, code) ? quotaServices[code] : undefined;
  if (!service) throw noSuch(`The service ${code} does not exist.`);
  return service;
}

const noSuch = (message: string) => modelledFault(NoSuchResourceException$, message);
