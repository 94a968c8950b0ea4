import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

/** AWS's own policies that allow nearly everything. */
const ADMINISTRATORS = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

export const noRoleIsAnAdministrator: ResourceRule = {
  about: "resource",
  name: "no-role-is-an-administrator",
  area: "identity",
  severity: "critical",
  what: "No role of the platform is given one of AWS's policies that allow nearly everything.",
  why: "A pod or a machine that is taken over has its role's rights, and could end both cells with these.",
  remedy: "Attach a policy that names what the role has to do.",
  enforcement: everywhere,
  controls: [
    control("cis-aws", "1.16"),
    control("pci", "7.2"),
    control("iso27001", "A.8.2"),
    control("soc2", "CC6.3"),
    control("nist", "PR.AA-05"),
  ],
  types: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
  judge: (attachment) => {
    // A policy of ours has an ARN that is not known before it is made, and is judged by itself.
    const found = attachment.facts.props["policyArn"];
    return typeof found === "string" && ADMINISTRATORS.test(found)
      ? [{ resource: attachment, property: "policyArn", found, wanted: "a policy for what the role does" }]
      : [];
  },
  examples: {
    passing: {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      props: { policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" },
    },
    failing: {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      props: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
  },
};
