import { everywhere, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";

export const globalMemberPasswordIsNotManagedByRds: ResourceRule = {
  about: "resource",
  name: "global-member-password-is-not-managed-by-rds",
  area: "role-change",
  severity: "high",
  what: "RDS does not manage the owner's password of a global database's member.",
  why: "AWS refuses it for members, and a secret that one region rotates would lock the other out after a handover.",
  remedy: "Leave manageMasterUserPassword out and give the password write-only (masterPasswordWo).",
  enforcement: everywhere,
  controls: changeSafely,
  types: ["aws:rds/cluster:Cluster"],
  judge: (cluster) =>
    cluster.has("globalClusterIdentifier") && cluster.value("manageMasterUserPassword") === true
      ? [{ resource: cluster, property: "manageMasterUserPassword", found: "on", wanted: "off" }]
      : [],
  examples: {
    passing: { type: "aws:rds/cluster:Cluster", props: { globalClusterIdentifier: "castle" } },
    failing: {
      type: "aws:rds/cluster:Cluster",
      props: { globalClusterIdentifier: "castle", manageMasterUserPassword: true },
    },
  },
};
