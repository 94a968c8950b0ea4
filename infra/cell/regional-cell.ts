import type * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Resource } from "@pulumi/pulumi";
import { RegionalAudit } from "../global/audit/regional-audit.ts";
import { Workloads } from "../workloads/workloads.ts";
import { BlockchainNodes } from "./blockchain/blockchain-nodes.ts";
import { CacheMember } from "./cache/cache-member.ts";
import { CellCluster } from "./cluster/cell-cluster.ts";
import type { CellContext } from "./context.ts";
import { AuroraMember } from "./database/aurora-member.ts";
import { JournalDatabase } from "./database/journal-database.ts";
import { EdgeEndpoint } from "./edge/edge-endpoint.ts";
import { CellIngress } from "./ingress/cell-ingress.ts";
import type { CellKeys } from "./keys/cell-keys.ts";
import { AdminVpc } from "./network/admin-vpc.ts";
import { CellNetwork } from "./network/cell-network.ts";
import { PeerLink } from "./network/peer-link.ts";
import { CellObservability } from "./observability/cell-observability.ts";
import { CellRegistry } from "./registry/cell-registry.ts";
import { CellSecrets } from "./secrets/cell-secrets.ts";
import type { CellStorage } from "./storage/cell-storage.ts";

export interface RegionalCellArgs {
  readonly context: CellContext;
  /** Made before the cell, since what both cells share is made with them. */
  readonly keys: CellKeys;
  readonly storage: CellStorage;
  /** The global database, in the stack that makes it: its first member waits for it. */
  readonly globalDatabase: Resource | undefined;
  /** Where the accelerator listens; null where there is none. */
  readonly edge: { readonly listenerArn: Input<string>; readonly provider: aws.Provider } | null;
}

/** Everything one region runs. Both cells of a platform are stamped from this, and none of them knows who is active. */
export class RegionalCell extends ComponentResource {
  readonly network: CellNetwork;
  readonly secrets: CellSecrets;
  readonly registry: CellRegistry;
  readonly database: AuroraMember;
  readonly journal: JournalDatabase;
  readonly cache: CacheMember;
  readonly ingress: CellIngress;
  readonly edge: EdgeEndpoint | null;
  readonly observability: CellObservability;
  readonly cluster: CellCluster;
  /** The way to the other cell's journal, once there is another cell. */
  readonly link: PeerLink | null;

  constructor(name: string, args: RegionalCellArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:RegionalCell", name, {}, opts);
    const { context, keys, storage, globalDatabase } = args;
    const { settings } = context;
    const here = { parent: this };

    this.network = new CellNetwork(name, { context, keys }, here);
    this.secrets = new CellSecrets(name, { context, keys }, here);
    this.registry = new CellRegistry(name, { context, keys }, here);
    const { network, secrets } = this;

    const stores = { context, network, keys, secrets };
    this.database = new AuroraMember(name, { ...stores, global: globalDatabase }, here);
    this.journal = new JournalDatabase(name, stores, here);
    this.cache = new CacheMember(name, stores, here);
    const { database, journal, cache } = this;

    this.ingress = new CellIngress(name, { context, network, keys, storage }, here);
    const { ingress } = this;
    this.edge = args.edge ? new EdgeEndpoint(name, { context, ingress, ...args.edge }, here) : null;
    this.observability = new CellObservability(
      name,
      { context, keys, database, journal, cache, ingress },
      here,
    );
    const { servicesLogGroup } = this.observability;
    this.cluster = new CellCluster(name, { context, network, keys, servicesLogGroup }, here);
    const { cluster } = this;
    new Workloads(name, { context, network, cluster, database, journal, cache, ingress }, here);
    this.link = context.peer ? new PeerLink(`${name}-link`, { context, network }, here) : null;
    if (settings.admin) new AdminVpc(`${name}-admin`, { context, keys, network }, here);
    if (settings.blockchainNodes)
      new BlockchainNodes(`${name}-chain`, { context, keys, network, nodes: settings.blockchainNodes }, here);
    if (settings.audit)
      new RegionalAudit(`${name}-audit`, { context, topicArn: this.observability.topicArn }, here);

    this.registerOutputs({ database: database.clusterArn, loadBalancer: ingress.loadBalancerArn });
  }
}
