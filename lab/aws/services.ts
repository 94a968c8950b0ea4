import { acm } from "./acm/service.ts";
import { cloudWatch } from "./cloudwatch/service.ts";
import { ecr } from "./ecr/service.ts";
import { eks } from "./eks/service.ts";
import { elastiCache } from "./elasticache/service.ts";
import { globalAccelerator } from "./global-accelerator/service.ts";
import { rds } from "./rds/service.ts";
import { s3 } from "./s3/service.ts";
import { secretsManager } from "./secrets-manager/service.ts";
import type { AwsService, ServiceParts } from "./service.ts";
import { serviceQuotas } from "./service-quotas/service.ts";
import { sns } from "./sns/service.ts";

/** Every service that the lab's AWS has. */
export const labServices = (parts: ServiceParts): readonly AwsService[] =>
  [
    ...[rds, elastiCache, globalAccelerator, eks, ecr, secretsManager, serviceQuotas],
    ...[cloudWatch, sns, acm, s3],
  ].map((service) => service(parts));
