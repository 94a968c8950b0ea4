import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { IngressPart, KeyPart, NetworkPart, StoragePart } from "../parts.ts";
import { logPrefixes } from "../storage/log-prefixes.ts";
import { CellCertificate } from "./cell-certificate.ts";
import { type EdgeService, edgeServices } from "./edge-services.ts";
import { ingressRules } from "./ingress-rules.ts";
import { CLIENT_KEEP_ALIVE, DEREGISTRATION_DELAY, HEALTH, IDLE } from "./timeouts.ts";
import { WebFirewall } from "./web-firewall.ts";

export interface CellIngressArgs {
  readonly context: CellContext;
  readonly network: Pick<NetworkPart, "vpcId" | "publicSubnetIds" | "ranges">;
  readonly keys: KeyPart;
  readonly storage: StoragePart;
}

/** TLS 1.2 at least, forward secrecy, and the hybrid key exchange that is safe against tomorrow's recordings. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** The cell's load balancer: TLS, a firewall, and a listener for each service that the edge leads to. */
export class CellIngress extends ComponentResource implements IngressPart {
  readonly loadBalancerArn: Output<string>;
  readonly loadBalancerArnSuffix: Output<string>;
  readonly dnsName: Output<string>;
  readonly zoneId: Output<string>;
  readonly securityGroupId: Output<string>;
  readonly targetGroupArns: Readonly<Record<string, Output<string>>>;
  /** As CloudWatch names the target groups in its metrics, by service. */
  readonly targetGroupArnSuffixes: Readonly<Record<string, Output<string>>>;
  readonly certificateArn: Output<string>;
  readonly certificateDomains: readonly string[];

  constructor(
    name: string,
    { context, network, keys, storage }: CellIngressArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:CellIngress", name, {}, opts);
    const { names, settings } = context;
    const { profile } = settings;
    const own = { parent: this };

    const certificate = new CellCertificate(name, { context }, own);
    const firewall = new aws.ec2.SecurityGroup(
      `${name}-ingress`,
      {
        vpcId: network.vpcId,
        description: "Clients of the load balancer, and its way to the services",
        ...ingressRules(edgeServices, network.ranges),
      },
      own,
    );
    const balancer = new aws.lb.LoadBalancer(
      `${name}-ingress`,
      {
        name: names.prefix,
        loadBalancerType: "application",
        // Behind the accelerator it needs no address of its own, and nobody can go past the accelerator.
        internal: profile.globalTier,
        subnets: network.publicSubnetIds,
        securityGroups: [firewall.id],
        enableDeletionProtection: profile.protectData,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableHttp2: true,
        idleTimeout: IDLE.loadBalancer,
        clientKeepAlive: CLIENT_KEEP_ALIVE,
        accessLogs: { bucket: storage.buckets.logs.name, prefix: logPrefixes.loadBalancer, enabled: true },
      },
      { ...own, protect: profile.protectData },
    );
    new WebFirewall(name, { context, keys, loadBalancerArn: balancer.arn }, own);

    const targets = edgeServices.map((service) => ({
      service,
      group: this.#targetGroup(name, service, network.vpcId),
    }));
    for (const { service, group } of targets)
      new aws.lb.Listener(
        `${name}-${service.name}`,
        {
          loadBalancerArn: balancer.arn,
          port: service.edgePort,
          protocol: "HTTPS",
          sslPolicy: TLS_POLICY,
          certificateArn: certificate.arn,
          defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
          routingHttpResponseServerEnabled: false,
          routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000; includeSubDomains",
        },
        own,
      );

    this.loadBalancerArn = balancer.arn;
    this.loadBalancerArnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.securityGroupId = firewall.id;
    this.targetGroupArns = Object.fromEntries(targets.map(({ service, group }) => [service.name, group.arn]));
    this.targetGroupArnSuffixes = Object.fromEntries(
      targets.map(({ service, group }) => [service.name, group.arnSuffix]),
    );
    this.certificateArn = certificate.arn;
    this.certificateDomains = certificate.domains;
    this.registerOutputs({ loadBalancerArn: this.loadBalancerArn, dnsName: this.dnsName });
  }

  #targetGroup(name: string, service: EdgeService, vpcId: Input<string>): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      `${name}-${service.name}`,
      {
        // Six characters are what AWS leaves room for; operators know a group by its tag.
        namePrefix: service.name.slice(0, 6),
        tags: { "castle:service": service.name },
        vpcId,
        port: service.port,
        protocol: "HTTP",
        // Pods have addresses of their own: one hop less, and health is a pod's and not a node's.
        targetType: "ip",
        deregistrationDelay: DEREGISTRATION_DELAY,
        loadBalancingAlgorithmType: "least_outstanding_requests",
        // The accelerator counts the cell in only while every target group has a healthy target, and a target is healthy
        // only in the active cell: so the edge follows the role without being told.
        healthCheck: {
          enabled: true,
          protocol: "HTTP",
          port: String(service.internalPort),
          path: service.healthPath,
          matcher: "200",
          ...HEALTH,
        },
      },
      { parent: this },
    );
  }
}
