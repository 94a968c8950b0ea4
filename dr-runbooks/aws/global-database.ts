import type { RDSClient } from "@aws-sdk/client-rds";
import { sdk } from "./sdk.ts";

export interface GlobalDatabaseState {
  /** ARN of the member that is the writer; null when none is told. */
  readonly writer: string | null;
  /** ARN of the member a failover or switchover is under way to; null when none is. */
  readonly movingTo: string | null;
  /** By member ARN: "connected", "pending-resync", or what else AWS reports; "unknown" when it reports nothing. */
  readonly synchronization: ReadonlyMap<string, string>;
}

/** An Aurora global database, as the RDS endpoint of one region tells and changes it. */
export class GlobalDatabase {
  readonly #rds: RDSClient;
  readonly #identifier: string;

  constructor(rds: RDSClient, identifier: string) {
    this.#rds = rds;
    this.#identifier = identifier;
  }

  async describe(): Promise<GlobalDatabaseState> {
    const { GlobalClusters: found = [] } = await this.#rds.send(
      new sdk.rds.DescribeGlobalClustersCommand({ GlobalClusterIdentifier: this.#identifier }),
    );
    const cluster = found[0];
    if (!cluster) throw new Error(`there is no global database "${this.#identifier}"; check the target`);
    const members = cluster.GlobalClusterMembers ?? [];
    const { FailoverState: state } = cluster;
    return {
      writer: members.find((member) => member.IsWriter)?.DBClusterArn ?? null,
      movingTo: state?.Status && state.Status !== "cancelling" ? (state.ToDbClusterArn ?? null) : null,
      synchronization: new Map(
        members.map((member) => [member.DBClusterArn ?? "", member.SynchronizationStatus ?? "unknown"]),
      ),
    };
  }

  /** Promotes a reader whatever became of the writer. Ask this of the region that holds the reader. */
  async failover(to: string): Promise<void> {
    await this.#rds.send(
      new sdk.rds.FailoverGlobalClusterCommand({
        GlobalClusterIdentifier: this.#identifier,
        TargetDbClusterIdentifier: to,
        AllowDataLoss: true,
      }),
    );
  }

  /** Swaps writer and reader without loss. Ask this of the region that holds the writer. */
  async switchover(to: string): Promise<void> {
    await this.#rds.send(
      new sdk.rds.SwitchoverGlobalClusterCommand({
        GlobalClusterIdentifier: this.#identifier,
        TargetDbClusterIdentifier: to,
      }),
    );
  }
}
