import { seconds } from "@castle/regions/duration.ts";
import { type SecretState, secretState } from "../../aws/readiness-secrets.ts";
import type { CellRegion } from "../../target.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";
import { named } from "../named.ts";

export interface SecretFound {
  readonly name: string;
  /** By region; null where there is no such secret. */
  readonly regions: ReadonlyMap<CellRegion, SecretState | null>;
}

export const secrets: Check = {
  name: "secrets",
  why: "A service that starts in the peer reads its secrets there: a missing or older one keeps it from starting, or from its peers.",
  mend: "aws secretsmanager replicate-secret-to-regions for one that is missing; remove and add the replica of one that failed.",
  severity: "warns",
  deadline: seconds(30),
  look: async (world) => {
    const names = world.target.readiness?.secrets ?? [];
    if (names.length === 0) return notConfigured("secrets");
    const { active, peer } = await world.sides();
    const { aws } = world.connections;
    return judgeSecrets(
      await Promise.all(
        names.map(async (name) => ({
          name,
          regions: new Map(
            await Promise.all(
              [active, peer].map(
                async (region) =>
                  [
                    region,
                    await named(`Secrets Manager in ${region}`, secretState(aws.secrets(region), name)),
                  ] as const,
              ),
            ),
          ),
        })),
      ),
    );
  },
};

/** The same version in both regions, and every replica in sync: whichever region holds the primary tells. Pure. */
export function judgeSecrets(found: readonly SecretFound[]): Verdict {
  const against = found.flatMap(({ name, regions }) => {
    const states = [...regions];
    const mistakes = states.flatMap(([region, state]) => {
      if (state === null) return [`${name} is not in ${region}`];
      return [
        ...(state.beingDeleted ? [`${name} is being deleted in ${region}`] : []),
        ...(state.current === null ? [`${name} has no value in ${region}`] : []),
        ...[...state.replicas]
          .filter(([, status]) => status !== "InSync")
          .map(([to, status]) => `the replica of ${name} in ${to} is ${status}`),
      ];
    });
    const versions = new Set(states.map(([, state]) => state?.current));
    return mistakes.length === 0 && versions.size > 1 ? [`${name} is of two versions`] : mistakes;
  });
  return judged(against, {
    found: `${found.length} secrets in both regions, of one version each`,
    wanted: "each secret in both regions, in sync",
  });
}
