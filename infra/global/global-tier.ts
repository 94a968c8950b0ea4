import { witnessRegion } from "@castle/regions/catalogue.ts";
import type * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import { Detection } from "./audit/detection.ts";
import { Budget } from "./budget.ts";
import { PlatformCertificate } from "./dns/certificate.ts";
import { DnsRecords } from "./dns/records.ts";
import { DnsZone } from "./dns/zone.ts";
import { Edge } from "./edge.ts";
import { FrontGround } from "./front-ground.ts";
import { Frontend } from "./frontend.ts";
import { Mail } from "./mail.ts";
import { signInHostOf, Users } from "./users.ts";
import { WitnessTable } from "./witness-table.ts";

export interface GlobalTierArgs {
  readonly context: CellContext;
  /** Of the accelerator's control plane's region. */
  readonly accelerator: aws.Provider;
  /** Of the third region. */
  readonly witness: aws.Provider;
  /** Of us-east-1. */
  readonly front: aws.Provider;
  /** The home cell's bucket of logs. */
  readonly logsBucket: Input<string>;
}

/**
 * What both cells share and neither holds: the way in, the witness, the names, the portal's distribution, the people.
 * Made by the home cell's stack alone. Everything in it that a failover relies on goes on by itself while the home region
 * and AWS's control planes are out of reach.
 */
export class GlobalTier extends ComponentResource {
  readonly edge: Edge;
  readonly witness: WitnessTable;
  readonly zone: DnsZone;
  readonly frontend: Frontend;
  readonly users: Users;

  constructor(name: string, args: GlobalTierArgs, opts?: ComponentResourceOptions) {
    super("castle:global:GlobalTier", name, {}, opts);
    const { context, accelerator, witness, front, logsBucket } = args;
    requireGlobalTier(context);
    const here = { parent: this };

    this.edge = new Edge(`${name}-edge`, { context, accelerator, logsBucket }, here);
    this.witness = new WitnessTable(`${name}-witness`, { context, witness }, here);

    const ground = new FrontGround(`${name}-front`, { context, front }, here);
    this.zone = new DnsZone(`${name}-dns`, { context, front, alarmTopicArn: ground.topicArn }, here);
    const { zoneId } = this.zone;
    const { certificateArn } = new PlatformCertificate(`${name}-tls`, { context, front, zoneId }, here);
    this.frontend = new Frontend(
      `${name}-frontend`,
      {
        ...{ context, front, certificateArn, logsBucket, keyArn: ground.keyArn },
        signInHost: signInHostOf(context),
      },
      here,
    );
    new DnsRecords(
      `${name}-names`,
      { context, front, zoneId, edge: this.edge, frontend: this.frontend },
      here,
    );

    const mail = new Mail(`${name}-mail`, { context, front, zoneId }, here);
    this.users = new Users(`${name}-users`, { context, mail }, here);

    if (context.settings.audit)
      for (const [region, provider] of [
        [witnessRegion, witness],
        ["us-east-1", front],
      ] as const)
        new Detection(`${name}-${region}`, { region, watches: "account" }, { ...here, provider });
    new Budget(`${name}-budget`, { context }, here);

    this.registerOutputs({ listenerArn: this.listenerArn, witnessTableArn: this.witness.tableArn });
  }

  get listenerArn(): Output<string> {
    return this.edge.listenerArn;
  }
}

/** @throws Error unless this is the home cell's stack, of a profile with a global tier */
function requireGlobalTier({ home, settings }: CellContext): void {
  if (!home)
    throw new Error(
      `the global tier is made by the home cell's stack; ${settings.stack} is in ${settings.region}, and is told of it by castle:shared`,
    );
  if (!settings.profile.globalTier)
    throw new Error(
      `profile ${settings.profile.name} has no global tier (castle:profile of ${settings.stack})`,
    );
}
