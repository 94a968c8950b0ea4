import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { homeRegion } from "@castle/regions/catalogue.ts";
import { awsCredentials } from "@castle/regions/credentials.ts";
import { PreviewRefused } from "./refused.ts";

/** The account that this process acts in. */
export type WhoActs = () => Promise<string>;

export const callersAccount: WhoActs = async () => {
  const sts = new STSClient({ region: homeRegion, credentials: awsCredentials() });
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    if (Account === undefined) throw new Error("AWS told no account");
    return Account;
  } finally {
    sts.destroy();
  }
};

/** @throws PreviewRefused unless this process acts in that account */
export async function requireAccount(account: string, whoActs: WhoActs): Promise<void> {
  const acting = await whoActs().catch((cause: unknown) => {
    throw new PreviewRefused(
      `AWS does not tell in which account this would act (${cause instanceof Error ? cause.message : cause}): sign in to account ${account} (AWS_PROFILE)`,
      { cause },
    );
  });
  if (acting !== account)
    throw new PreviewRefused(
      `this would act in account ${acting}, and previews are in ${account} alone (Pulumi.dev.yaml): choose its profile (AWS_PROFILE)`,
    );
}
