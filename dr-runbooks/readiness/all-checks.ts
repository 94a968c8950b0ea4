import type { Check } from "./check.ts";
import { alarms } from "./checks/alarms.ts";
import { backups } from "./checks/backups.ts";
import { cacheParity } from "./checks/cache-parity.ts";
import { cacheReplication } from "./checks/cache-replication.ts";
import { certificateRenewal, certificates } from "./checks/certificates.ts";
import { clusterCapacity } from "./checks/cluster-capacity.ts";
import { clusters } from "./checks/clusters.ts";
import { databaseParity } from "./checks/database-parity.ts";
import { databaseReplication } from "./checks/database-replication.ts";
import { edgeEndpoints } from "./checks/edge-endpoints.ts";
import { edgeHealth } from "./checks/edge-health.ts";
import { epochs } from "./checks/epochs.ts";
import { evidence } from "./checks/evidence.ts";
import { executions } from "./checks/executions.ts";
import { globalDatabase } from "./checks/global-database.ts";
import { handoverTopics } from "./checks/handover-topics.ts";
import { images } from "./checks/images.ts";
import { journal } from "./checks/journal.ts";
import { mode } from "./checks/mode.ts";
import { podImages } from "./checks/pod-images.ts";
import { quotas } from "./checks/quotas.ts";
import { replicationMetrics } from "./checks/replication-metrics.ts";
import { runnerReach } from "./checks/runner-reach.ts";
import { secrets } from "./checks/secrets.ts";
import { standbyCapacity } from "./checks/standby-capacity.ts";
import { standbyPods } from "./checks/standby-pods.ts";
import { standbyServices } from "./checks/standby-services.ts";
import { standbyVouches } from "./checks/standby-vouches.ts";
import { witness } from "./checks/witness.ts";

/** Everything that must be so for the peer to take over, in the order in which a takeover needs it. */
export const allChecks: readonly Check[] = [
  witness,
  epochs,
  mode,
  journal,
  standbyVouches,
  databaseReplication,
  globalDatabase,
  databaseParity,
  cacheReplication,
  cacheParity,
  standbyServices,
  standbyPods,
  podImages,
  standbyCapacity,
  clusters,
  clusterCapacity,
  edgeEndpoints,
  edgeHealth,
  executions,
  evidence,
  runnerReach,
  images,
  secrets,
  certificates,
  certificateRenewal,
  quotas,
  backups,
  replicationMetrics,
  alarms,
  handoverTopics,
];
