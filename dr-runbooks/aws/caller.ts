import { cellRegions, type RegionName, witnessRegion } from "@castle/regions/catalogue.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import type { AwsClients } from "../clients.ts";
import { firstAnswer } from "./first-answer.ts";
import { sdk } from "./sdk.ts";

/** Who AWS takes this process for. */
export interface Caller {
  readonly account: string;
  /** Of the user, or of the role and its session. */
  readonly arn: string;
}

const PATIENCE = milliseconds(700);

/** Asked in the third region first, and where that is silent in the cells' own. @throws AggregateError */
export function callerOf(aws: Pick<AwsClients, "identity">, patience = PATIENCE): Promise<Caller> {
  const ask = (region: RegionName) => async (): Promise<Caller> => {
    const { Account: account, Arn: arn } = await aws
      .identity(region)
      .send(new sdk.sts.GetCallerIdentityCommand({}));
    if (account === undefined || arn === undefined) throw new Error("STS told neither account nor ARN");
    return { account, arn };
  };
  return firstAnswer([witnessRegion, ...cellRegions].map(ask), patience);
}
