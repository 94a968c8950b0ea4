import { ACMClient } from "@aws-sdk/client-acm";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECRClient } from "@aws-sdk/client-ecr";
import { EKSClient } from "@aws-sdk/client-eks";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { GlobalAcceleratorClient } from "@aws-sdk/client-global-accelerator";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SNSClient } from "@aws-sdk/client-sns";
import type { Conduct } from "@castle/lab/aws/conduct.ts";
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from "@castle/lab/aws/control-plane.ts";
import type { ControlPlaneEvent } from "@castle/lab/aws/events.ts";
import type { Replicas } from "@castle/lab/aws/holdings.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import type { Published } from "@castle/lab/aws/sns/topics.ts";
import { expect } from "chai";
import { InMemoryCells } from "./in-memory-cells.ts";

export const identifiers = labIdentifiers();

/** The server over cells in memory, and the SDK's own clients for it. */
export class ControlPlaneUnderTest {
  readonly cells = new InMemoryCells();
  readonly events: ControlPlaneEvent[] = [];
  readonly #clients: { destroy(): void }[] = [];
  readonly #options: Partial<ControlPlaneOptions>;
  #server: ControlPlane | null = null;

  constructor(options: Partial<ControlPlaneOptions> = {}) {
    this.#options = options;
  }

  async start(): Promise<this> {
    this.#server = await startControlPlane({
      port: 0,
      cells: this.cells,
      observe: (event) => this.events.push(event),
      ...this.#options,
    });
    return this;
  }

  get url(): string {
    return this.#started.url;
  }

  get conduct(): Conduct {
    return this.#started.conduct;
  }

  get replicas(): Replicas {
    return this.#started.replicas;
  }

  get published(): readonly Published[] {
    return this.#started.topics.published;
  }

  get #started(): ControlPlane {
    if (!this.#server) throw new Error("start() the control plane first");
    return this.#server;
  }

  rds = (region: string, own: object = {}) => this.#kept(new RDSClient(this.#config(region, own)));
  elastiCache = (region: string, own: object = {}) =>
    this.#kept(new ElastiCacheClient(this.#config(region, own)));
  accelerator = (region = "us-west-2", own: object = {}) =>
    this.#kept(new GlobalAcceleratorClient(this.#config(region, own)));

  eks = (region: string, own: object = {}) => this.#kept(new EKSClient(this.#config(region, own)));
  ecr = (region: string, own: object = {}) => this.#kept(new ECRClient(this.#config(region, own)));
  secrets = (region: string, own: object = {}) =>
    this.#kept(new SecretsManagerClient(this.#config(region, own)));
  quotas = (region: string, own: object = {}) =>
    this.#kept(new ServiceQuotasClient(this.#config(region, own)));
  cloudWatch = (region: string, own: object = {}) =>
    this.#kept(new CloudWatchClient(this.#config(region, own)));
  sns = (region: string, own: object = {}) => this.#kept(new SNSClient(this.#config(region, own)));
  acm = (region: string, own: object = {}) => this.#kept(new ACMClient(this.#config(region, own)));

  /** Buckets are found in the path: a lab has no host name for each. */
  s3 = (region: string, own: object = {}) =>
    this.#kept(new S3Client({ ...this.#config(region, own), forcePathStyle: true }));

  /** A request that no SDK would send. */
  request(body: string, headers: Record<string, string> = {}, method = "POST"): Promise<Response> {
    return fetch(this.url, { method, headers, ...(method === "POST" && { body }) });
  }

  /** Every operation of every service. */
  get operations(): string[] {
    return this.conduct.served.flatMap(({ operations }) => operations);
  }

  /** The calls of one operation that were made, whatever became of them. */
  callsOf(operation: string) {
    return this.events
      .filter((event) => event.kind === "call")
      .filter((call) => call.operation === operation);
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.#server?.close();
  }

  /** A lost region is to fail a call once, not three times. */
  #config(region: string, own: object) {
    const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
    return { region, endpoint: this.url, credentials, maxAttempts: 1, ...own };
  }

  #kept<Client extends { destroy(): void }>(client: Client): Client {
    this.#clients.push(client);
    return client;
  }
}

/** An Authorization header as the SDK's, scoped to a region and service; its signature means nothing. */
export const signedFor = (region: string, service: string): { authorization: string } => ({
  authorization:
    `AWS4-HMAC-SHA256 Credential=lab/20260101/${region}/${service}/aws4_request, ` +
    "SignedHeaders=host;x-amz-date, Signature=00",
});

/** The fault a call is refused with, as the SDK's client makes it of the answer. */
export async function faultOf(call: Promise<unknown>) {
  const fault = await call.then(
    (answer) => expect.fail(`expected a fault, got ${JSON.stringify(answer)}`),
    (cause: unknown) => cause,
  );
  const { name, message, $metadata, code, Code } = fault as Error & {
    $metadata?: { httpStatusCode?: number };
    code?: string;
    Code?: string;
  };
  return { name, message, status: $metadata?.httpStatusCode, code: Code ?? code };
}
