import {
  CopyDBClusterSnapshot$,
  type CopyDBClusterSnapshotMessage,
  CreateDBClusterSnapshot$,
  type CreateDBClusterSnapshotMessage,
  DBClusterNotFoundFault$,
  type DBClusterSnapshot,
  DBClusterSnapshotAlreadyExistsFault$,
  DBClusterSnapshotNotFoundFault$,
  DeleteDBClusterSnapshot$,
  type DeleteDBClusterSnapshotMessage,
  DescribeDBClusterSnapshots$,
  type DescribeDBClusterSnapshotsMessage,
  InvalidDBClusterSnapshotStateFault$,
  InvalidDBClusterStateFault$,
} from "@aws-sdk/client-rds";
import type { DatabaseMember } from "../cells.ts";
import { clientFault, modelledFault } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import { type Call, type Operation, operation, type ServiceParts } from "../service.ts";
import { filtered } from "./filters.ts";
import { regionOfCluster } from "./handover.ts";
import type { Snapshot } from "./snapshots.ts";

/** RDS's operations on snapshots: each is a real copy of the member's database. A region has its own alone. */
export function snapshotOperations({ cells, identifiers, snapshots }: ServiceParts): readonly Operation[] {
  const arnOf = ({ region, identifier }: Pick<Snapshot, "region" | "identifier">): string =>
    `arn:aws:rds:${region}:${identifiers.account}:cluster-snapshot:${identifier}`;

  const requireSnapshot = (name: string, { region }: Call): Snapshot => {
    const found = snapshots.find(
      region,
      name.startsWith("arn:") ? (name.split(":cluster-snapshot:")[1] ?? "") : name,
    );
    if (!found) throw modelledFault(DBClusterSnapshotNotFoundFault$, `DBClusterSnapshot ${name} not found`);
    return found;
  };

  const requireNew = (identifier: string, { region }: Call): void => {
    if (!/^[a-z](-?[a-z0-9])*$/i.test(identifier) || identifier.length > 255)
      throw clientFault("InvalidParameterValue", `${identifier} is not a valid identifier of a snapshot`);
    if (snapshots.find(region, identifier))
      throw modelledFault(
        DBClusterSnapshotAlreadyExistsFault$,
        `DBClusterSnapshot ${identifier} already exists`,
      );
  };

  async function describedAll(own: readonly Snapshot[]): Promise<DBClusterSnapshot[]> {
    const members = own.length === 0 ? [] : await cells.databaseMembers();
    return own.map((snapshot) => described(snapshot, members));
  }

  function described(snapshot: Snapshot, members: readonly DatabaseMember[]): DBClusterSnapshot {
    const { region, type, createdAt, status, copyOf } = snapshot;
    const member = members.find((one) => one.region === region);
    return {
      DBClusterSnapshotIdentifier: snapshot.identifier,
      DBClusterSnapshotArn: arnOf(snapshot),
      DBClusterIdentifier: identifiers.cell(region).clusterIdentifier,
      SnapshotType: type,
      SnapshotCreateTime: createdAt,
      Status: status,
      PercentProgress: status === "available" ? 100 : 0,
      Engine: "aurora-postgresql",
      EngineMode: "provisioned",
      StorageEncrypted: false,
      ...(member && { EngineVersion: member.engineVersion, Port: member.port }),
      ...(copyOf !== null && { SourceDBClusterSnapshotArn: copyOf }),
    };
  }

  async function create(input: CreateDBClusterSnapshotMessage, call: Call) {
    const { DBClusterIdentifier: cluster = "", DBClusterSnapshotIdentifier: identifier = "" } = input;
    const region = regionOfCluster(cluster, call.region, identifiers);
    if (region === undefined || region !== call.region)
      throw modelledFault(DBClusterNotFoundFault$, `DBCluster ${cluster} not found in ${call.region}`);
    requireNew(identifier, call);
    const members = await cells.databaseMembers();
    const member = members.find((one) => one.region === region);
    if (!member || member.reachability === "unreachable")
      throw modelledFault(
        InvalidDBClusterStateFault$,
        `DBCluster ${cluster} is ${member?.status}, not reachable`,
      );
    return { DBClusterSnapshot: described(snapshots.take(region, identifier, "manual"), members) };
  }

  async function copy(input: CopyDBClusterSnapshotMessage, call: Call) {
    const source = requireSnapshot(input.SourceDBClusterSnapshotIdentifier ?? "", call);
    const identifier = input.TargetDBClusterSnapshotIdentifier ?? "";
    requireNew(identifier, call);
    if (source.status !== "available")
      throw modelledFault(InvalidDBClusterSnapshotStateFault$, `${source.identifier} is ${source.status}`);
    const copied: Snapshot = { ...source, identifier, type: "manual", copyOf: arnOf(source) };
    snapshots.hold(copied);
    const [told] = await describedAll([copied]);
    return { DBClusterSnapshot: told };
  }

  async function remove(input: DeleteDBClusterSnapshotMessage, call: Call) {
    const found = requireSnapshot(input.DBClusterSnapshotIdentifier ?? "", call);
    if (found.type === "automated" || found.status === "creating")
      throw modelledFault(
        InvalidDBClusterSnapshotStateFault$,
        `only a manual snapshot that is available can be deleted; ${found.identifier} is ${found.type}, ${found.status}`,
      );
    snapshots.drop(found);
    const [told] = await describedAll([found]);
    return { DBClusterSnapshot: told };
  }

  async function describe(input: DescribeDBClusterSnapshotsMessage, call: Call) {
    const { DBClusterSnapshotIdentifier: wanted, DBClusterIdentifier: cluster, SnapshotType: type } = input;
    const own = wanted === undefined ? snapshots.in(call.region) : [requireSnapshot(wanted, call)];
    const ofCluster =
      cluster === undefined || regionOfCluster(cluster, call.region, identifiers) === call.region ? own : [];
    const told = await describedAll(ofCluster.filter((one) => type === undefined || one.type === type));
    const chosen = filtered(told, input.Filters, {
      "db-cluster-id": ({ DBClusterIdentifier }) => [
        DBClusterIdentifier,
        call.region === "us-west-2" ? undefined : identifiers.cell(call.region).clusterArn,
      ],
      "db-cluster-snapshot-id": ({ DBClusterSnapshotIdentifier }) => [DBClusterSnapshotIdentifier],
      "snapshot-type": ({ SnapshotType }) => [SnapshotType],
      engine: ({ Engine }) => [Engine],
    });
    const page = pageOf(chosen, (one) => one.DBClusterSnapshotIdentifier ?? "", input);
    if (page === null) throw clientFault("InvalidParameterValue", `Invalid marker: ${input.Marker}`);
    const { items, ...rest } = page;
    return { DBClusterSnapshots: [...items], ...rest };
  }

  return [
    operation<DescribeDBClusterSnapshotsMessage>(DescribeDBClusterSnapshots$, describe, {
      MaxRecords: { min: 20, max: 100 },
    }),
    operation<CreateDBClusterSnapshotMessage>(CreateDBClusterSnapshot$, create),
    operation<CopyDBClusterSnapshotMessage>(CopyDBClusterSnapshot$, copy),
    operation<DeleteDBClusterSnapshotMessage>(DeleteDBClusterSnapshot$, remove),
  ];
}
