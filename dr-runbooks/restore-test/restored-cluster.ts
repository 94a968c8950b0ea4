import type { DBCluster, RDSClient } from "@aws-sdk/client-rds";
import type { Duration } from "@castle/regions/duration.ts";
import type { MemberSnapshot } from "../aws/readiness-backups.ts";
import { sdk } from "../aws/sdk.ts";
import { pause } from "../engine/poll.ts";
import { isTransient } from "../engine/transient.ts";

export interface RestoredPlace {
  readonly host: string;
  readonly port: number;
}

/** What it was made of did not become a database. */
export class RestoreFailed extends Error {
  constructor(what: string, status: string) {
    super(`${what} is ${status}: nothing can be restored from that snapshot`);
    this.name = "RestoreFailed";
  }
}

/** What RDS calls whatever will not come up any more. */
const HOPELESS = /^(failed|incompatible-|inaccessible-|storage-full|restore-error|stopped)/;

/** One cluster that is made of a snapshot, looked at, and deleted: by the names it is given, and no other's. */
export class TestCluster {
  readonly name: string;
  readonly #rds: RDSClient;
  readonly #lookEvery: Duration;
  /** From when it may be there: its call was made, whatever became of the answer. */
  #begun = false;

  constructor(rds: RDSClient, name: string, lookEvery: Duration) {
    this.#rds = rds;
    this.name = name;
    this.#lookEvery = lookEvery;
  }

  get instance(): string {
    return `${this.name}-1`;
  }

  /** In the member's own subnets, behind its own security groups, with an instance like its writer's. */
  async restore(snapshot: MemberSnapshot, clusterArn: string, signal: AbortSignal): Promise<RestoredPlace> {
    const source = await this.#cluster(clusterArn);
    if (!source) throw new Error(`RDS knows no cluster ${clusterArn}; check the target`);
    const instanceClass = await this.#instanceClassOf(source);
    signal.throwIfAborted();
    this.#begun = true;
    const groups = (source.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []);
    await this.#rds.send(
      new sdk.rds.RestoreDBClusterFromSnapshotCommand({
        ...{ DBClusterIdentifier: this.name, SnapshotIdentifier: snapshot.arn, Engine: source.Engine },
        ...(source.DBSubnetGroup && { DBSubnetGroupName: source.DBSubnetGroup }),
        ...(groups.length > 0 && { VpcSecurityGroupIds: groups }),
        ...(source.DBClusterParameterGroup && {
          DBClusterParameterGroupName: source.DBClusterParameterGroup,
        }),
        DeletionProtection: false,
      }),
    );
    await this.#until(signal, async () => {
      const { Status: status = "unknown" } = (await this.#cluster(this.name)) ?? {};
      if (HOPELESS.test(status)) throw new RestoreFailed(`the cluster ${this.name}`, status);
      return status === "available" || null;
    });
    await this.#rds.send(
      new sdk.rds.CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: this.instance, DBClusterIdentifier: this.name },
        ...{ DBInstanceClass: instanceClass, Engine: source.Engine, PubliclyAccessible: false },
      }),
    );
    return this.#until(signal, async () => {
      const { DBInstances: [found] = [] } = await this.#rds.send(
        new sdk.rds.DescribeDBInstancesCommand({ DBInstanceIdentifier: this.instance }),
      );
      const { DBInstanceStatus: status = "unknown", Endpoint: at } = found ?? {};
      if (HOPELESS.test(status)) throw new RestoreFailed(`the instance ${this.instance}`, status);
      return status === "available" && at?.Address && at.Port ? { host: at.Address, port: at.Port } : null;
    });
  }

  /** Resolves when RDS knows it no more. Harmless when there is nothing. */
  async remove(signal: AbortSignal): Promise<void> {
    if (!this.#begun) return;
    await this.#until(signal, async () => {
      const found = await this.#cluster(this.name);
      if (!found) return true;
      if (found.Status === "deleting") return null;
      for (const { DBInstanceIdentifier } of found.DBClusterMembers ?? [])
        await this.#rds
          .send(new sdk.rds.DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }))
          .catch(
            unless(
              "DBInstanceNotFoundFault",
              "DBInstanceNotFound",
              "InvalidDBInstanceStateFault",
              "InvalidDBInstanceState",
            ),
          );
      await this.#rds
        .send(new sdk.rds.DeleteDBClusterCommand({ DBClusterIdentifier: this.name, SkipFinalSnapshot: true }))
        .catch(unless("DBClusterNotFoundFault", "InvalidDBClusterStateFault"));
      return null;
    });
  }

  async #cluster(identifier: string): Promise<DBCluster | null> {
    try {
      const { DBClusters: [found] = [] } = await this.#rds.send(
        new sdk.rds.DescribeDBClustersCommand({ DBClusterIdentifier: identifier }),
      );
      return found ?? null;
    } catch (error) {
      if (error instanceof Error && error.name === "DBClusterNotFoundFault") return null;
      throw error;
    }
  }

  async #instanceClassOf({ DBClusterMembers = [] }: DBCluster): Promise<string> {
    const writer = DBClusterMembers.find(({ IsClusterWriter }) => IsClusterWriter) ?? DBClusterMembers[0];
    const { DBInstances: [found] = [] } = await this.#rds.send(
      new sdk.rds.DescribeDBInstancesCommand({ DBInstanceIdentifier: writer?.DBInstanceIdentifier }),
    );
    if (!found?.DBInstanceClass) throw new Error("RDS tells no class of the cluster's instance");
    return found.DBInstanceClass;
  }

  async #until<Found>(signal: AbortSignal, look: () => Promise<Found | null>): Promise<Found> {
    for (;;) {
      signal.throwIfAborted();
      const found = await look().catch((error: unknown) => {
        if (isTransient(error)) return null;
        throw error;
      });
      if (found !== null) return found;
      await pause(this.#lookEvery, signal);
    }
  }
}

/** Passes over what says that it is gone, or going, already. */
const unless =
  (...names: readonly string[]) =>
  (error: unknown): void => {
    if (!(error instanceof Error) || !names.includes(error.name)) throw error;
  };
