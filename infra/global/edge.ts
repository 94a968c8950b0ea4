import { services } from "@castle/services/catalogue.ts";
import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import { logPrefixes } from "../cell/storage/log-prefixes.ts";

export interface EdgeArgs {
  readonly context: CellContext;
  /** Of the accelerator's control plane's region. */
  readonly accelerator: aws.Provider;
  /** Takes the flow logs; its policy lets AWS deliver them. */
  readonly logsBucket: Input<string>;
}

/** The ports that traders reach, in the catalogue's order; a range each, since others between them lead nowhere. */
export const edgePorts: readonly number[] = services.flatMap(({ edgePort }) => edgePort ?? []);

/**
 * The one way in: two anycast addresses that stay the same whichever cell is active. Each cell adds its endpoint group
 * (`EdgeEndpoint`); which of them gets traffic is decided by the health of its load balancer alone.
 */
export class Edge extends ComponentResource {
  readonly acceleratorArn: Output<string>;
  readonly listenerArn: Output<string>;
  readonly dnsName: Output<string>;
  /** Of the zone in which Route 53 finds accelerators, for alias records. */
  readonly hostedZoneId: Output<string>;
  readonly ipAddresses: Output<string[]>;

  constructor(name: string, { context, accelerator, logsBucket }: EdgeArgs, opts?: ComponentResourceOptions) {
    super("castle:global:Edge", name, {}, opts);
    const { protectData } = context.settings.profile;

    const entrance = new aws.globalaccelerator.Accelerator(
      `${name}-accelerator`,
      {
        name: context.names.prefix,
        enabled: true,
        // Endpoints of a dual-stack accelerator have to be dual-stack themselves, and the cells' networks are IPv4.
        ipAddressType: "IPV4",
        attributes: {
          flowLogsEnabled: true,
          flowLogsS3Bucket: logsBucket,
          flowLogsS3Prefix: logPrefixes.accelerator,
        },
      },
      { parent: this, provider: accelerator, protect: protectData },
    );
    const listener = new aws.globalaccelerator.Listener(
      `${name}-listener`,
      {
        acceleratorArn: entrance.arn,
        protocol: "TCP",
        portRanges: edgePorts.map((port) => ({ fromPort: port, toPort: port })),
        // A region has one endpoint, and no service keeps a client's state in itself: with nothing to stay with,
        // affinity would only spread clients unevenly.
        clientAffinity: "NONE",
      },
      { parent: this, provider: accelerator, protect: protectData },
    );

    this.acceleratorArn = entrance.arn;
    this.listenerArn = listener.arn;
    this.dnsName = entrance.dnsName;
    this.hostedZoneId = entrance.hostedZoneId;
    this.ipAddresses = entrance.ipSets.apply((sets) => sets.flatMap(({ ipAddresses }) => ipAddresses ?? []));
    this.registerOutputs({ listenerArn: this.listenerArn, dnsName: this.dnsName });
  }
}
