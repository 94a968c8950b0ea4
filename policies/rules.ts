import { acceleratorKeepsFlowLogs } from "./edge/accelerator-keeps-flow-logs.ts";
import { clientsLeaveADemotedCellSoon } from "./edge/clients-leave-a-demoted-cell-soon.ts";
import { edgeListensWhereServicesDo } from "./edge/edge-listens-where-services-do.ts";
import { endpointIsLetInByHealthAlone } from "./edge/endpoint-is-let-in-by-health-alone.ts";
import { healthFollowsTheRole } from "./edge/health-follows-the-role.ts";
import { loadBalancerOutlastsTheAccelerator } from "./edge/load-balancer-outlasts-the-accelerator.ts";
import { oneEndpointGroupACell } from "./edge/one-endpoint-group-a-cell.ts";
import { keysNamedByArnAreMultiRegion } from "./hidden-single-point/keys-named-by-arn-are-multi-region.ts";
import { noArnOfTheOtherRegion } from "./hidden-single-point/no-arn-of-the-other-region.ts";
import { noBucketOfTheOtherRegion } from "./hidden-single-point/no-bucket-of-the-other-region.ts";
import { noEndpointOfTheOtherRegion } from "./hidden-single-point/no-endpoint-of-the-other-region.ts";
import { nothingWaitsForTheOtherRegion } from "./hidden-single-point/nothing-waits-for-the-other-region.ts";
import { alarmsWatchBothCellsAlike } from "./parity/alarms-watch-both-cells-alike.ts";
import { cachesAreOfOneSize } from "./parity/caches-are-of-one-size.ts";
import { cellsAreAskedForTheirHealthAlike } from "./parity/cells-are-asked-for-their-health-alike.ts";
import { cellsCarryTheSameTags } from "./parity/cells-carry-the-same-tags.ts";
import { cellsRunTheSameImages } from "./parity/cells-run-the-same-images.ts";
import { cellsStandInAsManyZones } from "./parity/cells-stand-in-as-many-zones.ts";
import { databaseInstancesAreOfOneSize } from "./parity/database-instances-are-of-one-size.ts";
import { databaseInstancesStandInDifferentZones } from "./parity/database-instances-stand-in-different-zones.ts";
import { databaseParametersAreTheSame } from "./parity/database-parameters-are-the-same.ts";
import { enginesAreOfOneVersion } from "./parity/engines-are-of-one-version.ts";
import { maintenanceNeverMeetsBothCells } from "./parity/maintenance-never-meets-both-cells.ts";
import { archivesAreCopiedToThePeer } from "./recovery/archives-are-copied-to-the-peer.ts";
import { auroraBelongsToAGlobalDatabase } from "./recovery/aurora-belongs-to-a-global-database.ts";
import { cacheBelongsToAGlobalDatastore } from "./recovery/cache-belongs-to-a-global-datastore.ts";
import { databasesKeepBackups } from "./recovery/databases-keep-backups.ts";
import { databasesLeaveAFinalSnapshot } from "./recovery/databases-leave-a-final-snapshot.ts";
import { evidenceIsLocked } from "./recovery/evidence-is-locked.ts";
import { globalDatabaseHasAMemberInEachCell } from "./recovery/global-database-has-a-member-in-each-cell.ts";
import { imagesAreInBothRegions } from "./recovery/images-are-in-both-regions.ts";
import { journalSurvivesAZone } from "./recovery/journal-survives-a-zone.ts";
import { recoveryFitsItsBudget } from "./recovery/recovery-fits-its-budget.ts";
import { secretsAreReplicated } from "./recovery/secrets-are-replicated.ts";
import { storesRefuseDeletion } from "./recovery/stores-refuse-deletion.ts";
import { storesUseMultiRegionKeys } from "./recovery/stores-use-multi-region-keys.ts";
import { witnessRecoversToAnyPoint } from "./recovery/witness-recovers-to-any-point.ts";
import { witnessStandsInAThirdRegion } from "./recovery/witness-stands-in-a-third-region.ts";
import { aResourceIsInItsProvidersRegion } from "./role-change/a-resource-is-in-its-providers-region.ts";
import { auroraMemberKeepsTheRoleItWasGiven } from "./role-change/aurora-member-keeps-the-role-it-was-given.ts";
import { auroraMemberNamesNoSource } from "./role-change/aurora-member-names-no-source.ts";
import { auroraZonesAreLeftToAws } from "./role-change/aurora-zones-are-left-to-aws.ts";
import { cacheMemberLeavesTheDatastoresOwnAlone } from "./role-change/cache-member-leaves-the-datastores-own-alone.ts";
import { edgeIsTurnedByRunbooksAlone } from "./role-change/edge-is-turned-by-runbooks-alone.ts";
import { globalDatabaseNamesNoWriter } from "./role-change/global-database-names-no-writer.ts";
import { globalDatastoreForgetsItsFirstPrimary } from "./role-change/global-datastore-forgets-its-first-primary.ts";
import { globalMemberPasswordIsNotManagedByRds } from "./role-change/global-member-password-is-not-managed-by-rds.ts";
import { servicesAreSizedByRunbooksAlone } from "./role-change/services-are-sized-by-runbooks-alone.ts";
import { whatChangesRolesIsProtected } from "./role-change/what-changes-roles-is-protected.ts";
import type { Rule } from "./rule.ts";

/** Every rule there is. */
export const rules: readonly Rule[] = [
  archivesAreCopiedToThePeer,
  auroraBelongsToAGlobalDatabase,
  cacheBelongsToAGlobalDatastore,
  databasesKeepBackups,
  databasesLeaveAFinalSnapshot,
  evidenceIsLocked,
  globalDatabaseHasAMemberInEachCell,
  imagesAreInBothRegions,
  journalSurvivesAZone,
  recoveryFitsItsBudget,
  secretsAreReplicated,
  storesRefuseDeletion,
  storesUseMultiRegionKeys,
  witnessRecoversToAnyPoint,
  witnessStandsInAThirdRegion,
  aResourceIsInItsProvidersRegion,
  auroraMemberKeepsTheRoleItWasGiven,
  auroraMemberNamesNoSource,
  auroraZonesAreLeftToAws,
  cacheMemberLeavesTheDatastoresOwnAlone,
  edgeIsTurnedByRunbooksAlone,
  globalDatabaseNamesNoWriter,
  globalDatastoreForgetsItsFirstPrimary,
  globalMemberPasswordIsNotManagedByRds,
  servicesAreSizedByRunbooksAlone,
  whatChangesRolesIsProtected,
  acceleratorKeepsFlowLogs,
  clientsLeaveADemotedCellSoon,
  edgeListensWhereServicesDo,
  endpointIsLetInByHealthAlone,
  healthFollowsTheRole,
  loadBalancerOutlastsTheAccelerator,
  oneEndpointGroupACell,
  keysNamedByArnAreMultiRegion,
  noArnOfTheOtherRegion,
  noBucketOfTheOtherRegion,
  noEndpointOfTheOtherRegion,
  nothingWaitsForTheOtherRegion,
  alarmsWatchBothCellsAlike,
  cachesAreOfOneSize,
  cellsAreAskedForTheirHealthAlike,
  cellsCarryTheSameTags,
  cellsRunTheSameImages,
  cellsStandInAsManyZones,
  databaseInstancesAreOfOneSize,
  databaseInstancesStandInDifferentZones,
  databaseParametersAreTheSame,
  enginesAreOfOneVersion,
  maintenanceNeverMeetsBothCells,
];
