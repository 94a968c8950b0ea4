import { Server, ServerCredentials } from "@grpc/grpc-js";
import {
  EngineService,
  type IEngineServer,
  type IResourceMonitorServer,
  ResourceMonitorService,
} from "./services.ts";

/** A program's assets may be large: Pulumi's own limit. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

export interface Served {
  /** Host and port: the monitor and the engine are one server. */
  readonly address: string;
  end(): void;
}

/** Serves both on a free port of this machine. */
export async function serve(monitor: IResourceMonitorServer, engine: IEngineServer): Promise<Served> {
  const server = new Server({ "grpc.max_receive_message_length": LARGEST_MESSAGE });
  server.addService(ResourceMonitorService, monitor);
  server.addService(EngineService, engine);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, end: () => server.forceShutdown() };
}
