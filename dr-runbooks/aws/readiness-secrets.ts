import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { sdk } from "./sdk.ts";

/** A secret as its region has it: everything but what it holds. */
export interface SecretState {
  /** Id of the version that whoever asks is given now; null when there is none. */
  readonly current: string | null;
  readonly beingDeleted: boolean;
  /** What the primary's region tells of its replicas, by region: `InSync`, `InProgress` or `Failed`. */
  readonly replicas: ReadonlyMap<string, string>;
}

/** @returns null when the region has no such secret. */
export async function secretState(client: SecretsManagerClient, name: string): Promise<SecretState | null> {
  try {
    const told = await client.send(new sdk.secretsManager.DescribeSecretCommand({ SecretId: name }));
    const versions = Object.entries(told.VersionIdsToStages ?? {});
    return {
      current: versions.find(([, stages]) => stages.includes("AWSCURRENT"))?.[0] ?? null,
      beingDeleted: told.DeletedDate !== undefined,
      replicas: new Map(
        (told.ReplicationStatus ?? []).map(({ Region, Status }) => [Region ?? "", Status ?? "unknown"]),
      ),
    };
  } catch (error) {
    if (error instanceof sdk.secretsManager.ResourceNotFoundException) return null;
    throw error;
  }
}
