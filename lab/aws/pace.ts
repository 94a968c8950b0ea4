import { setTimeout as sleep } from "node:timers/promises";

/** `instant`: a change takes as long as the lab's processes need. `aws`: as long as it takes on AWS, and that on top. */
export type Timing = "instant" | "aws";

export const timings: readonly Timing[] = ["instant", "aws"];

export type TimedOperation =
  | "FailoverGlobalCluster"
  | "SwitchoverGlobalCluster"
  | "FailoverGlobalReplicationGroup"
  | "UpdateEndpointGroup"
  | "UpdateNodegroupConfig";

/**
 * How long AWS takes to carry out what it has answered, in milliseconds: from the answer to the moment at which the new
 * role or setting is in force. AWS publishes orders of magnitude and no bounds; each figure says what it rests on.
 */
export const awsDurations: Readonly<Record<TimedOperation, number>> = {
  // The user guide says that RTO can be in the order of minutes; AWS's disaster recovery workshop says 1 minute, for a
  // promotion by hand. No figure is published for a managed failover. ASSUMPTION: two minutes, as readiness estimates.
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
  // https://disaster-recovery.workshop.aws/en/services/databases/aurora/global-database.html
  FailoverGlobalCluster: 120_000,

  // Synchronizes before it swaps the roles; the user guide names no duration, nor is one published for how long endpoints
  // take to follow, which is part of it here. ASSUMPTION: half a minute, with little lag.
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
  SwitchoverGlobalCluster: 30_000,

  // AWS's disaster recovery workshop: "RTO: 1 minute".
  // https://disaster-recovery.workshop.aws/en/services/databases/elasticache/global-datastore.html
  FailoverGlobalReplicationGroup: 60_000,

  // The API tells IN_PROGRESS until every edge location has the change, without a duration; operators have seen more than
  // five minutes for new groups (hashicorp/terraform-provider-aws#14161). ASSUMPTION: one minute for a weight or a dial.
  // https://docs.aws.amazon.com/global-accelerator/latest/api/API_Accelerator.html
  UpdateEndpointGroup: 60_000,

  // Nodes are started or drained by an Auto Scaling group; EKS names no duration. ASSUMPTION: two minutes until a new node
  // takes pods, as its instance has to boot, to join and to pull its images.
  // https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html
  UpdateNodegroupConfig: 120_000,
};

/** Waits so many milliseconds. @throws the signal's reason once it is aborted */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

const waitByTheClock: Wait = async (ms, signal) => {
  try {
    await sleep(ms, undefined, { signal, ref: false });
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  }
};

/** The time that things take in the control plane. */
export class Pace {
  readonly timing: Timing;
  readonly #wait: Wait;
  readonly #closing = new AbortController();

  constructor(timing: Timing, wait: Wait = waitByTheClock) {
    this.timing = timing;
    this.#wait = wait;
  }

  /** Resolves once AWS would have carried the operation out. @throws Error when the control plane closes before */
  async take(operation: TimedOperation): Promise<void> {
    if (this.timing === "aws") await this.wait(awsDurations[operation]);
  }

  /** @param ms milliseconds. @throws Error when the control plane closes before */
  wait(ms: number): Promise<void> {
    this.#closing.signal.throwIfAborted();
    return this.#wait(ms, this.#closing.signal);
  }

  /** What is being waited for is not done any more: the processes it would act on are about to end. */
  close(): void {
    this.#closing.abort(new Error("the control plane was closed before the change was due"));
  }
}
