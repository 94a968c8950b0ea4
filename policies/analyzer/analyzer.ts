import { credentials, type ServiceError } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { ResourceFacts } from "../judged/resource.ts";
import { type Diagnostic, diagnosticsOf } from "./diagnostics.ts";
import { type PackFor, type PackProcess, startPack } from "./pack-process.ts";
import { analyzeRequest, analyzeStackRequest } from "./requests.ts";
import { AnalyzerClient } from "./services.ts";

/** Resources asked about at a time: the pack is one process, and waits for nobody. */
const AT_ONCE = 32;

export interface PackInfo {
  readonly name: string;
  readonly version: string;
  /** Names of its policies. */
  readonly policies: readonly string[];
}

/** Castle's policy pack in a process of its own, asked as Pulumi's engine asks it. End it with {@link Analyzer.end}. */
export class Analyzer {
  readonly #process: PackProcess;
  readonly #client: AnalyzerClient;

  private constructor(pack: PackProcess) {
    this.#process = pack;
    this.#client = new AnalyzerClient(pack.address, credentials.createInsecure(), {
      "grpc.max_receive_message_length": LARGEST_MESSAGE,
      "grpc.max_send_message_length": LARGEST_MESSAGE,
    });
  }

  /** @throws Error with what the pack said, when it does not start */
  static async start(options: PackFor): Promise<Analyzer> {
    const analyzer = new Analyzer(await startPack(options));
    try {
      // No configuration of a policy: each has the level that its rule says.
      await unary((done) => analyzer.#client.configure(new messages.ConfigureAnalyzerRequest(), done));
      return analyzer;
    } catch (error) {
      await analyzer.end();
      throw error;
    }
  }

  async info(): Promise<PackInfo> {
    const info = await unary<messages.AnalyzerInfo>((done) =>
      this.#client.getAnalyzerInfo(new empty.Empty(), done),
    );
    return {
      name: info.getName(),
      version: info.getVersion(),
      policies: info.getPoliciesList().map((policy) => policy.getName()),
    };
  }

  /** What the pack says about each of the resources by itself, in no order that matters. */
  async analyze(resources: readonly ResourceFacts[]): Promise<Diagnostic[]> {
    const left = resources[Symbol.iterator]();
    const told: Diagnostic[] = [];
    const ask = async (): Promise<void> => {
      for (const facts of left) {
        const response = await unary<messages.AnalyzeResponse>((done) =>
          this.#client.analyze(analyzeRequest(facts), done),
        );
        told.push(...diagnosticsOf(response, facts.urn));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    return told;
  }

  /** What the pack says about the stack as a whole. */
  async analyzeStack(resources: readonly ResourceFacts[]): Promise<Diagnostic[]> {
    const request = analyzeStackRequest(resources);
    return diagnosticsOf(
      await unary<messages.AnalyzeResponse>((done) => this.#client.analyzeStack(request, done)),
      null,
    );
  }

  /** Settles when the pack's process is gone, whoever ended it. */
  get gone(): Promise<void> {
    return this.#process.gone;
  }

  async end(): Promise<void> {
    this.#client.close();
    await this.#process.end();
  }
}

/** Pulumi's own limit. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

const unary = <Response>(
  call: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> =>
  new Promise((resolve, reject) =>
    call((error, response) =>
      error ? reject(new Error(error.details || error.message)) : resolve(response),
    ),
  );
