import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import type { CellContext } from "../../cell/context.ts";
import { edgeHosts, frontHosts } from "../hosts.ts";

/** Where an alias leads, and the zone that Route 53 looks it up in. */
export interface AliasTarget {
  readonly dnsName: Input<string>;
  readonly hostedZoneId: Input<string>;
}

export interface DnsRecordsArgs {
  readonly context: CellContext;
  readonly front: aws.Provider;
  readonly zoneId: Input<string>;
  readonly edge: AliasTarget;
  readonly frontend: AliasTarget;
}

/** The names that traders use: to the accelerator what trades, to CloudFront what is looked at. */
export class DnsRecords extends ComponentResource {
  constructor(
    name: string,
    { context, front, zoneId, edge, frontend }: DnsRecordsArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:global:DnsRecords", name, {}, opts);
    const { domain } = context.settings;
    const alias = (host: string, type: "A" | "AAAA", target: AliasTarget) =>
      new aws.route53.Record(
        `${name}-${host}-${type.toLowerCase()}`,
        {
          zoneId,
          name: host,
          type,
          // There is one answer: taking it away because something behind it looks ill would help nobody.
          aliases: [{ name: target.dnsName, zoneId: target.hostedZoneId, evaluateTargetHealth: false }],
        },
        { parent: this, provider: front },
      );

    for (const host of edgeHosts(domain)) alias(host, "A", edge);
    for (const host of frontHosts(domain)) {
      alias(host, "A", frontend);
      alias(host, "AAAA", frontend);
    }
    this.registerOutputs({});
  }
}
