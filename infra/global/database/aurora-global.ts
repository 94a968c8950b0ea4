import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Resource } from "@pulumi/pulumi";
import type { CellContext } from "../../cell/context.ts";
import { DATABASE, POSTGRES } from "../../cell/database/engine.ts";

export interface AuroraGlobalArgs {
  readonly context: CellContext;
}

/**
 * What a handover or an upgrade changes. The source is read back as the writer of now, and the database's name as the
 * writer's: either would replace the global database. The version is read back as the members' own; asked for here, the
 * provider would go and upgrade members in both regions, where each stack upgrades its own.
 */
const HANDED_OVER = ["sourceDbClusterIdentifier", "databaseName", "engineVersion"];

/**
 * The global database: a name that both members are born into, made in the home cell's stack and before its member. It
 * holds no data, and names no writer: which member that is, the runbooks decide.
 */
export class AuroraGlobal extends ComponentResource {
  /** What the home cell's member depends on. */
  readonly cluster: Resource;
  readonly identifier: string;

  constructor(name: string, { context }: AuroraGlobalArgs, opts?: ComponentResourceOptions) {
    super("castle:global:AuroraGlobal", name, {}, opts);
    const { names, settings } = context;
    this.identifier = names.globalDatabase;
    this.cluster = new aws.rds.GlobalCluster(
      `${name}-database`,
      {
        globalClusterIdentifier: this.identifier,
        engine: "aurora-postgresql",
        engineVersion: POSTGRES.version,
        databaseName: DATABASE,
        // With each member's own key: a global database has none.
        storageEncrypted: true,
        deletionProtection: settings.profile.protectData,
        forceDestroy: !settings.profile.protectData,
      },
      { parent: this, protect: settings.profile.protectData, ignoreChanges: HANDED_OVER },
    );
    this.registerOutputs({ identifier: this.identifier });
  }
}
