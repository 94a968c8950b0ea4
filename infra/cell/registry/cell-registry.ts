import { serviceNames } from "@castle/services/catalogue.ts";
import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart } from "../parts.ts";
import { lifecyclePolicy } from "./lifecycle-policy.ts";

export interface CellRegistryArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
}

/**
 * A repository for each service of the catalogue, in each region, so that a node that starts there pulls from its own.
 * Images are pushed to the home region alone, and ECR copies them to the peer's. The peer's repositories are made by its
 * own stack: those that ECR makes for a copy by itself are neither immutable nor encrypted with the cell's key.
 */
export class CellRegistry extends ComponentResource {
  /** Names, the same in both regions. */
  readonly repositories: readonly string[];
  /** By service: where its images are, without a tag. */
  readonly urls: Readonly<Record<string, Output<string>>>;

  constructor(name: string, { context, keys }: CellRegistryArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:CellRegistry", name, {}, opts);
    const { names, settings, home } = context;
    const { protectData } = settings.profile;

    const repositories = serviceNames.map((service) => {
      const repository = new aws.ecr.Repository(
        `${name}-${service}`,
        {
          name: names.repository(service),
          // What was tested under a tag is what runs under it, in both regions.
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keys.keyArn }],
          forceDelete: !protectData,
        },
        { parent: this, protect: protectData },
      );
      new aws.ecr.LifecyclePolicy(
        `${name}-${service}`,
        { repository: repository.name, policy: lifecyclePolicy() },
        { parent: this },
      );
      return [service, repository.repositoryUrl] as const;
    });
    // One for a whole registry, that is for an account and region: only the home cell's stack has it, and only of its own.
    if (home && settings.peer)
      new aws.ecr.ReplicationConfiguration(
        name,
        {
          replicationConfiguration: {
            rules: [
              {
                destinations: [{ region: settings.peer.region, registryId: settings.account }],
                repositoryFilters: [{ filterType: "PREFIX_MATCH", filter: names.repository("") }],
              },
            ],
          },
        },
        { parent: this },
      );

    this.repositories = serviceNames.map(names.repository);
    this.urls = Object.fromEntries(repositories);
    this.registerOutputs({ repositories: this.repositories });
  }
}
