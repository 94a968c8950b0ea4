import {
  CreateDBInstance$,
  type CreateDBInstanceMessage,
  type DBCluster,
  DBClusterAlreadyExistsFault$,
  DBClusterNotFoundFault$,
  DBClusterSnapshotNotFoundFault$,
  type DBInstance,
  DBInstanceAlreadyExistsFault$,
  DBInstanceNotFoundFault$,
  DeleteDBCluster$,
  type DeleteDBClusterMessage,
  DeleteDBInstance$,
  type DeleteDBInstanceMessage,
  DescribeDBInstances$,
  type DescribeDBInstancesMessage,
  InvalidDBClusterSnapshotStateFault$,
  InvalidDBClusterStateFault$,
  RestoreDBClusterFromSnapshot$,
  type RestoreDBClusterFromSnapshotMessage,
} from "@aws-sdk/client-rds";
import type { DatabaseMember } from "../cells.ts";
import { clientFault, modelledFault } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import { type Call, type Operation, operation, type ServiceParts } from "../service.ts";
import { filtered } from "./filters.ts";
import type { RestoredCluster } from "./restores.ts";
import type { Snapshot } from "./snapshots.ts";

const engine = "aurora-postgresql";
/** What stands for the class of the cells' own instances. */
const INSTANCE_CLASS = "db.r6g.large";

/** A restored cluster as its region describes it. */
export const describeRestored = (
  cluster: RestoredCluster,
  arnOf: (identifier: string) => string,
): DBCluster => ({
  DBClusterIdentifier: cluster.identifier,
  DBClusterArn: arnOf(cluster.identifier),
  Status: cluster.status,
  Engine: engine,
  EngineMode: "provisioned",
  ClusterCreateTime: cluster.createdAt,
  DeletionProtection: false,
  StorageEncrypted: false,
  MultiAZ: false,
  ...(cluster.instance?.endpoint && {
    Endpoint: cluster.instance.endpoint.host,
    Port: cluster.instance.endpoint.port,
  }),
  DBClusterMembers: cluster.instance
    ? [{ DBInstanceIdentifier: cluster.instance.identifier, IsClusterWriter: true, PromotionTier: 1 }]
    : [],
});

/** RDS's operations on clusters that are made of snapshots: each is a real server. A cell's own can be neither made nor deleted. */
export function restoreOperations({
  cells,
  identifiers,
  snapshots,
  restores,
}: ServiceParts): readonly Operation[] {
  const arnIn = ({ region }: Call, kind: "cluster" | "db", name: string): string =>
    `arn:aws:rds:${region}:${identifiers.account}:${kind}:${name}`;
  const described = (cluster: RestoredCluster, call: Call): DBCluster =>
    describeRestored(cluster, (name) => arnIn(call, "cluster", name));

  function describedInstance(
    { identifier, instanceClass, status, endpoint }: NonNullable<RestoredCluster["instance"]>,
    cluster: string,
    call: Call,
  ): DBInstance {
    return {
      ...{ DBInstanceIdentifier: identifier, DBInstanceArn: arnIn(call, "db", identifier) },
      ...{ DBClusterIdentifier: cluster, DBInstanceClass: instanceClass, DBInstanceStatus: status },
      ...{ Engine: engine, PubliclyAccessible: false, MultiAZ: false },
      ...(endpoint && { Endpoint: { Address: endpoint.host, Port: endpoint.port } }),
    };
  }

  const memberInstance = (member: DatabaseMember, call: Call): DBInstance => {
    const { instanceIdentifier: name, clusterIdentifier } = identifiers.cell(member.region);
    return {
      ...{ DBInstanceIdentifier: name, DBInstanceArn: arnIn(call, "db", name) },
      ...{ DBClusterIdentifier: clusterIdentifier, DBInstanceClass: INSTANCE_CLASS },
      ...{ DBInstanceStatus: member.status, Engine: engine, EngineVersion: member.engineVersion },
      Endpoint: { Address: member.host, Port: member.port },
    };
  };

  /** Of a copy, the one whose data it is. */
  function original(snapshot: Snapshot): string {
    const name = snapshot.copyOf?.split(":cluster-snapshot:")[1];
    if (name === undefined) return snapshot.identifier;
    const source = snapshots.find(snapshot.region, name);
    return source ? original(source) : name;
  }

  async function restore(input: RestoreDBClusterFromSnapshotMessage, call: Call) {
    const { DBClusterIdentifier: name = "", SnapshotIdentifier: wanted = "" } = input;
    requireName(name);
    const snapshot = snapshots.find(
      call.region,
      wanted.startsWith("arn:") ? (wanted.split(":cluster-snapshot:")[1] ?? "") : wanted,
    );
    if (!snapshot)
      throw modelledFault(DBClusterSnapshotNotFoundFault$, `DBClusterSnapshot ${wanted} not found`);
    if (snapshot.status !== "available")
      throw modelledFault(
        InvalidDBClusterSnapshotStateFault$,
        `${snapshot.identifier} is ${snapshot.status}`,
      );
    if (input.Engine !== engine)
      throw clientFault("InvalidParameterCombination", `${input.Engine} cannot be restored from ${engine}`);
    const isCell = identifiers.cell(snapshot.region).clusterIdentifier === name.toLowerCase();
    if (isCell || restores.find(call.region, name))
      throw modelledFault(DBClusterAlreadyExistsFault$, `DBCluster ${name} already exists`);
    return { DBCluster: described(restores.begin(snapshot.region, name, original(snapshot)), call) };
  }

  async function createInstance(input: CreateDBInstanceMessage, call: Call) {
    const { DBInstanceIdentifier: name = "", DBClusterIdentifier: of = "", DBInstanceClass = "" } = input;
    requireName(name);
    const cluster = restores.find(call.region, of);
    if (!cluster) throw modelledFault(DBClusterNotFoundFault$, `DBCluster ${of} not found`);
    if (cluster.instance)
      throw modelledFault(
        DBInstanceAlreadyExistsFault$,
        `${of} has its instance already, ${cluster.instance.identifier}`,
      );
    if (cluster.status !== "available")
      throw modelledFault(InvalidDBClusterStateFault$, `DBCluster ${of} is ${cluster.status}, not available`);
    const instance = restores.start(cluster, name.toLowerCase(), DBInstanceClass);
    return { DBInstance: describedInstance(instance, cluster.identifier, call) };
  }

  const instancesIn = async (call: Call): Promise<DBInstance[]> => {
    const members = await cells.databaseMembers();
    return [
      ...members.filter(({ region }) => region === call.region).map((member) => memberInstance(member, call)),
      ...restores
        .in(call.region)
        .flatMap(({ identifier, instance }) =>
          instance ? [describedInstance(instance, identifier, call)] : [],
        ),
    ];
  };

  async function describeInstances(input: DescribeDBInstancesMessage, call: Call) {
    const all = await instancesIn(call);
    const wanted = input.DBInstanceIdentifier?.split(":db:").at(-1)?.toLowerCase();
    const named = all.filter((one) => wanted === undefined || one.DBInstanceIdentifier === wanted);
    if (wanted !== undefined && named.length === 0)
      throw modelledFault(DBInstanceNotFoundFault$, `DBInstance ${wanted} not found`);
    const chosen = filtered(named, input.Filters, {
      "db-cluster-id": ({ DBClusterIdentifier: of }) => [of, arnIn(call, "cluster", of ?? "")],
      "db-instance-id": ({ DBInstanceIdentifier, DBInstanceArn }) => [DBInstanceIdentifier, DBInstanceArn],
      engine: ({ Engine }) => [Engine],
    });
    const page = pageOf(chosen, (one) => one.DBInstanceIdentifier ?? "", input);
    if (page === null) throw clientFault("InvalidParameterValue", `Invalid marker: ${input.Marker}`);
    const { items, ...rest } = page;
    return { DBInstances: [...items], ...rest };
  }

  async function deleteInstance(input: DeleteDBInstanceMessage, call: Call) {
    const name = input.DBInstanceIdentifier?.toLowerCase() ?? "";
    const cluster = restores.in(call.region).find(({ instance }) => instance?.identifier === name);
    if (!cluster?.instance) throw modelledFault(DBInstanceNotFoundFault$, `DBInstance ${name} not found`);
    cluster.instance.status = "deleting";
    return { DBInstance: describedInstance(cluster.instance, cluster.identifier, call) };
  }

  async function deleteCluster(input: DeleteDBClusterMessage, call: Call) {
    const name = input.DBClusterIdentifier ?? "";
    const cluster = restores.find(call.region, name);
    if (!cluster) throw modelledFault(DBClusterNotFoundFault$, `DBCluster ${name} not found`);
    if (input.SkipFinalSnapshot !== true)
      throw clientFault(
        "InvalidParameterCombination",
        "the lab takes no final snapshot of what was restored: say SkipFinalSnapshot",
      );
    if (cluster.instance && cluster.instance.status !== "deleting")
      throw modelledFault(
        InvalidDBClusterStateFault$,
        `Cluster cannot be deleted, it still contains DB instances in non-deleting state: ${cluster.instance.identifier}`,
      );
    const told = described({ ...cluster, status: "deleting" }, call);
    void restores.remove(cluster);
    return { DBCluster: told };
  }

  return [
    operation<RestoreDBClusterFromSnapshotMessage>(RestoreDBClusterFromSnapshot$, restore),
    operation<CreateDBInstanceMessage>(CreateDBInstance$, createInstance),
    operation<DescribeDBInstancesMessage>(DescribeDBInstances$, describeInstances, {
      MaxRecords: { min: 20, max: 100 },
    }),
    operation<DeleteDBInstanceMessage>(DeleteDBInstance$, deleteInstance),
    operation<DeleteDBClusterMessage>(DeleteDBCluster$, deleteCluster),
  ];
}

function requireName(name: string): void {
  if (!/^[a-z](-?[a-z0-9])*$/i.test(name) || name.length > 63)
    throw clientFault("InvalidParameterValue", `${name} is not a valid identifier`);
}
