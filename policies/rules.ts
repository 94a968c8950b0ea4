import { databasesAreAsLargeAsTheProfileSays } from "./cost/databases-are-as-large-as-the-profile-says.ts";
import { everythingIsTagged } from "./cost/everything-is-tagged.ts";
import { natGatewaysAreAsManyAsTheProfileSays } from "./cost/nat-gateways-are-as-many-as-the-profile-says.ts";
import { nodesHaveACeiling } from "./cost/nodes-have-a-ceiling.ts";
import { oldImagesExpire } from "./cost/old-images-expire.ts";
import { spendingIsWatched } from "./cost/spending-is-watched.ts";
import { bucketsHaveOneOwner } from "./data/buckets-have-one-owner.ts";
import { bucketsKeepVersions } from "./data/buckets-keep-versions.ts";
import { bucketsRefusePlainHttp } from "./data/buckets-refuse-plain-http.ts";
import { bucketsRefuseThePublic } from "./data/buckets-refuse-the-public.ts";
import { cachesNeverEvict } from "./data/caches-never-evict.ts";
import { databasesHaveNoPublicAddress } from "./data/databases-have-no-public-address.ts";
import { databasesRefusePlainText } from "./data/databases-refuse-plain-text.ts";
import { everyBucketHasItsGuards } from "./data/every-bucket-has-its-guards.ts";
import { acceleratorKeepsFlowLogs } from "./edge/accelerator-keeps-flow-logs.ts";
import { clientsLeaveADemotedCellSoon } from "./edge/clients-leave-a-demoted-cell-soon.ts";
import { edgeListensWhereServicesDo } from "./edge/edge-listens-where-services-do.ts";
import { endpointIsLetInByHealthAlone } from "./edge/endpoint-is-let-in-by-health-alone.ts";
import { healthFollowsTheRole } from "./edge/health-follows-the-role.ts";
import { loadBalancerOutlastsTheAccelerator } from "./edge/load-balancer-outlasts-the-accelerator.ts";
import { oneEndpointGroupACell } from "./edge/one-endpoint-group-a-cell.ts";
import { bucketsAreEncrypted } from "./encryption/buckets-are-encrypted.ts";
import { cachesAreEncrypted } from "./encryption/caches-are-encrypted.ts";
import { clusterSecretsAreEncrypted } from "./encryption/cluster-secrets-are-encrypted.ts";
import { databasesAreEncryptedWithOurKey } from "./encryption/databases-are-encrypted-with-our-key.ts";
import { disksAreEncrypted } from "./encryption/disks-are-encrypted.ts";
import { imagesAreEncryptedWithOurKey } from "./encryption/images-are-encrypted-with-our-key.ts";
import { keysRotate } from "./encryption/keys-rotate.ts";
import { loadBalancerSpeaksModernTls } from "./encryption/load-balancer-speaks-modern-tls.ts";
import { logsAreEncrypted } from "./encryption/logs-are-encrypted.ts";
import { mailLeavesOverTls } from "./encryption/mail-leaves-over-tls.ts";
import { portalSpeaksModernTls } from "./encryption/portal-speaks-modern-tls.ts";
import { secretsAreEncryptedWithOurKey } from "./encryption/secrets-are-encrypted-with-our-key.ts";
import { tablesAreEncryptedWithOurKey } from "./encryption/tables-are-encrypted-with-our-key.ts";
import { topicsAreEncrypted } from "./encryption/topics-are-encrypted.ts";
import { keysNamedByArnAreMultiRegion } from "./hidden-single-point/keys-named-by-arn-are-multi-region.ts";
import { noArnOfTheOtherRegion } from "./hidden-single-point/no-arn-of-the-other-region.ts";
import { noBucketOfTheOtherRegion } from "./hidden-single-point/no-bucket-of-the-other-region.ts";
import { noEndpointOfTheOtherRegion } from "./hidden-single-point/no-endpoint-of-the-other-region.ts";
import { nothingWaitsForTheOtherRegion } from "./hidden-single-point/nothing-waits-for-the-other-region.ts";
import { noRoleIsAnAdministrator } from "./identity/no-role-is-an-administrator.ts";
import { passwordsAreLong } from "./identity/passwords-are-long.ts";
import { passwordsAreWrittenOnly } from "./identity/passwords-are-written-only.ts";
import { peopleSignInWithTwoFactors } from "./identity/people-sign-in-with-two-factors.ts";
import { policiesNameTheirActions } from "./identity/policies-name-their-actions.ts";
import { policiesNameTheirResources } from "./identity/policies-name-their-resources.ts";
import { rolesAreAssumedByWhomTheyName } from "./identity/roles-are-assumed-by-whom-they-name.ts";
import { chartsArePinned } from "./kubernetes/charts-are-pinned.ts";
import { clusterAccessIsByEntries } from "./kubernetes/cluster-access-is-by-entries.ts";
import { clusterHasNoPublicAddress } from "./kubernetes/cluster-has-no-public-address.ts";
import { drainingTakesOnePodAtATime } from "./kubernetes/draining-takes-one-pod-at-a-time.ts";
import { imageTagsNeverMove } from "./kubernetes/image-tags-never-move.ts";
import { imagesAreOursAndFixed } from "./kubernetes/images-are-ours-and-fixed.ts";
import { namespacesDenyByDefault } from "./kubernetes/namespaces-deny-by-default.ts";
import { namespacesRestrictTheirPods } from "./kubernetes/namespaces-restrict-their-pods.ts";
import { podsAreAskedHowTheyAre } from "./kubernetes/pods-are-asked-how-they-are.ts";
import { podsAskForWhatTheyNeed } from "./kubernetes/pods-ask-for-what-they-need.ts";
import { podsCannotChangeTheirImage } from "./kubernetes/pods-cannot-change-their-image.ts";
import { podsHoldNoKeyToTheCluster } from "./kubernetes/pods-hold-no-key-to-the-cluster.ts";
import { podsRunWithoutRoot } from "./kubernetes/pods-run-without-root.ts";
import { releasesLoseNoPod } from "./kubernetes/releases-lose-no-pod.ts";
import { servicesGrowWithTheirLoad } from "./kubernetes/services-grow-with-their-load.ts";
import { dataTierIsClosedToTheOutside } from "./network/data-tier-is-closed-to-the-outside.ts";
import { defaultSecurityGroupLetsNobodyIn } from "./network/default-security-group-lets-nobody-in.ts";
import { firewallRulesSayWhy } from "./network/firewall-rules-say-why.ts";
import { loadBalancerDropsMalformedRequests } from "./network/load-balancer-drops-malformed-requests.ts";
import { machinesAskForMetadataByToken } from "./network/machines-ask-for-metadata-by-token.ts";
import { networksKeepFlowLogs } from "./network/networks-keep-flow-logs.ts";
import { theWayInHasAFirewall } from "./network/the-way-in-has-a-firewall.ts";
import { theWorldReachesTheEdgeAlone } from "./network/the-world-reaches-the-edge-alone.ts";
import { alarmsSayWhatToDo } from "./observability/alarms-say-what-to-do.ts";
import { alarmsTellSomebody } from "./observability/alarms-tell-somebody.ts";
import { controlPlaneKeepsItsLogs } from "./observability/control-plane-keeps-its-logs.ts";
import { databasesTellWhatTheyWaitFor } from "./observability/databases-tell-what-they-wait-for.ts";
import { imagesAreScanned } from "./observability/images-are-scanned.ts";
import { logsAreKeptForTheirTime } from "./observability/logs-are-kept-for-their-time.ts";
import { threatsAreWatchedFor } from "./observability/threats-are-watched-for.ts";
import { trailCannotBeAlteredUnseen } from "./observability/trail-cannot-be-altered-unseen.ts";
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
  bucketsHaveOneOwner,
  bucketsKeepVersions,
  bucketsRefusePlainHttp,
  bucketsRefuseThePublic,
  cachesNeverEvict,
  databasesHaveNoPublicAddress,
  databasesRefusePlainText,
  everyBucketHasItsGuards,
  dataTierIsClosedToTheOutside,
  defaultSecurityGroupLetsNobodyIn,
  firewallRulesSayWhy,
  loadBalancerDropsMalformedRequests,
  machinesAskForMetadataByToken,
  networksKeepFlowLogs,
  theWayInHasAFirewall,
  theWorldReachesTheEdgeAlone,
  noRoleIsAnAdministrator,
  passwordsAreLong,
  passwordsAreWrittenOnly,
  peopleSignInWithTwoFactors,
  policiesNameTheirActions,
  policiesNameTheirResources,
  rolesAreAssumedByWhomTheyName,
  bucketsAreEncrypted,
  cachesAreEncrypted,
  clusterSecretsAreEncrypted,
  databasesAreEncryptedWithOurKey,
  disksAreEncrypted,
  imagesAreEncryptedWithOurKey,
  keysRotate,
  loadBalancerSpeaksModernTls,
  logsAreEncrypted,
  mailLeavesOverTls,
  portalSpeaksModernTls,
  secretsAreEncryptedWithOurKey,
  tablesAreEncryptedWithOurKey,
  topicsAreEncrypted,
  alarmsSayWhatToDo,
  alarmsTellSomebody,
  controlPlaneKeepsItsLogs,
  databasesTellWhatTheyWaitFor,
  imagesAreScanned,
  logsAreKeptForTheirTime,
  threatsAreWatchedFor,
  trailCannotBeAlteredUnseen,
  databasesAreAsLargeAsTheProfileSays,
  everythingIsTagged,
  natGatewaysAreAsManyAsTheProfileSays,
  nodesHaveACeiling,
  oldImagesExpire,
  spendingIsWatched,
  chartsArePinned,
  clusterAccessIsByEntries,
  clusterHasNoPublicAddress,
  drainingTakesOnePodAtATime,
  imageTagsNeverMove,
  imagesAreOursAndFixed,
  namespacesDenyByDefault,
  namespacesRestrictTheirPods,
  podsAreAskedHowTheyAre,
  podsAskForWhatTheyNeed,
  podsCannotChangeTheirImage,
  podsHoldNoKeyToTheCluster,
  podsRunWithoutRoot,
  releasesLoseNoPod,
  servicesGrowWithTheirLoad,
];
