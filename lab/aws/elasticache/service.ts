import {
  DescribeGlobalReplicationGroups$,
  type DescribeGlobalReplicationGroupsMessage,
  FailoverGlobalReplicationGroup$,
  type FailoverGlobalReplicationGroupMessage,
  InvalidParameterValueException$,
} from "@aws-sdk/client-elasticache";
import { cellRegions } from "@castle/regions/catalogue.ts";
import { ChangeUnderWay } from "../change-under-way.ts";
import { awsFailed, modelledFault, rateExceeded } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import { type AwsService, operation, type ServiceParts } from "../service.ts";
import { queryProtocol } from "../wire/query.ts";
import {
  type CacheFailover,
  describeDatastore,
  requireCacheFailover,
  requireDatastore,
} from "./datastore.ts";

/** ElastiCache, over the Redis servers of the two cells. It is in their regions, and each answers for the whole datastore. */
export function elastiCache({ cells, identifiers, observe, pace }: ServiceParts): AwsService {
  const failover = new ChangeUnderWay<CacheFailover>();

  const readMembers = () => cells.cacheMembers();

  const describeGlobalReplicationGroups = (input: DescribeGlobalReplicationGroupsMessage) =>
    failover.with(readMembers, (members, underWay) => {
      if (input.GlobalReplicationGroupId !== undefined)
        requireDatastore(input.GlobalReplicationGroupId, identifiers);
      const show = { members: input.ShowMemberInfo === true };
      const page = pageOf(
        [describeDatastore(members, underWay, show, identifiers)],
        ({ GlobalReplicationGroupId: id = "" }) => id,
        input,
      );
      if (page === null)
        throw modelledFault(InvalidParameterValueException$, `Invalid marker: ${input.Marker}`);
      const { items, ...rest } = page;
      return { GlobalReplicationGroups: items, ...rest };
    });

  const failoverGlobalReplicationGroup = (input: FailoverGlobalReplicationGroupMessage) =>
    failover.with(readMembers, (members, underWay) => {
      const request = {
        datastore: input.GlobalReplicationGroupId ?? "",
        primaryRegion: input.PrimaryRegion ?? "",
        primaryReplicationGroup: input.PrimaryReplicationGroupId ?? "",
      };
      const change = requireCacheFailover(request, members, underWay, identifiers);
      failover.begin(
        change,
        async () => {
          await pace.take("FailoverGlobalReplicationGroup");
          await cells.failoverCache(change.to);
        },
        (failure) => observe({ kind: "change-ended", change: "cache-failover", to: change.to, failure }),
      );
      return { GlobalReplicationGroup: describeDatastore(members, change, { members: true }, identifiers) };
    });

  return {
    signingName: "elasticache",
    regions: cellRegions,
    failures: { throttled: rateExceeded, internal: awsFailed },
    protocol: queryProtocol({
      version: "2015-02-02",
      xmlNamespace: "http://elasticache.amazonaws.com/doc/2015-02-02/",
    }),
    operations: [
      operation<DescribeGlobalReplicationGroupsMessage>(
        DescribeGlobalReplicationGroups$,
        describeGlobalReplicationGroups,
        { MaxRecords: { min: 20, max: 100 } },
      ),
      operation<FailoverGlobalReplicationGroupMessage>(
        FailoverGlobalReplicationGroup$,
        failoverGlobalReplicationGroup,
      ),
    ],
  };
}
