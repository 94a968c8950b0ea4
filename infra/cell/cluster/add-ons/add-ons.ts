import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type CustomResourceOptions } from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../../../policy-document.ts";
import { nodeVcpus } from "../../../settings/quotas.ts";
import { SECRET_STORE } from "../../../workloads/external-secret.ts";
import { podIdentityTrust } from "../../../workloads/pod-identity.ts";
import type { CellContext } from "../../context.ts";
import type { KeyPart } from "../../parts.ts";
import { charts } from "../versions.ts";
import type { AddOn, AddOnFacts } from "./add-on.ts";
import { nodeClassOf, nodePoolOf } from "./karpenter.ts";
import { addOnsOf } from "./list.ts";

export interface AddOnsArgs extends AddOnFacts {
  readonly keys: KeyPart;
}

/** Everything in the cluster that is not the platform's own. */
export class AddOns extends ComponentResource {
  readonly #context: CellContext;

  constructor(name: string, args: AddOnsArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:AddOns", name, {}, opts);
    const { context, keys, nodeRoleName } = args;
    const { names, region } = context;
    this.#context = context;

    const made = new Map(
      addOnsOf(args).map((each) => [each.chart, this.#addOn(`${name}-${each.chart}`, each)]),
    );
    const after = (chart: AddOn["chart"]): CustomResourceOptions => ({
      parent: this,
      dependsOn: [made.get(chart) ?? []].flat(),
    });
    new kubernetes.apiextensions.CustomResource(
      `${name}-secret-store`,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ClusterSecretStore",
        metadata: { name: SECRET_STORE },
        spec: {
          provider: { aws: { service: "SecretsManager", region: region.name } },
          // Another namespace gets nothing of the platform's.
          conditions: [{ namespaces: [names.namespace] }],
        },
      },
      after("externalSecrets"),
    );
    if (made.has("karpenter")) {
      const ofNodes = { cluster: names.cluster, nodeRoleName, keyArn: keys.keyArn };
      new kubernetes.apiextensions.CustomResource(
        `${name}-node-class`,
        nodeClassOf(ofNodes),
        after("karpenter"),
      );
      new kubernetes.apiextensions.CustomResource(
        `${name}-node-pool`,
        nodePoolOf(nodeVcpus(context.settings.profile)),
        after("karpenter"),
      );
    }
    this.registerOutputs({});
  }

  #addOn(name: string, { chart, namespace, values, identity }: AddOn): kubernetes.helm.v3.Release {
    const { names, settings, region } = this.#context;
    const here = { parent: this };
    const associated = identity
      ? new aws.eks.PodIdentityAssociation(
          name,
          {
            clusterName: names.cluster,
            namespace,
            serviceAccount: identity.serviceAccount,
            roleArn: this.#role(
              name,
              identity.statements,
              podIdentityTrust(settings.account, region.name, names.cluster),
            ).arn,
          },
          here,
        )
      : null;
    const { repo, chart: source, version } = charts[chart];
    return new kubernetes.helm.v3.Release(
      name,
      {
        name: chart.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        chart: source,
        version,
        ...(repo === null ? {} : { repositoryOpts: { repo } }),
        namespace,
        createNamespace: namespace !== "kube-system",
        values: { ...values },
        atomic: true,
        timeout: 600,
      },
      { ...here, dependsOn: associated ? [associated] : [] },
    );
  }

  #role(name: string, statements: readonly Statement[], trust: string): aws.iam.Role {
    const here = { parent: this };
    const role = new aws.iam.Role(name, { assumeRolePolicy: trust }, here);
    new aws.iam.RolePolicy(name, { role: role.id, policy: policyDocument(statements) }, here);
    return role;
  }
}
