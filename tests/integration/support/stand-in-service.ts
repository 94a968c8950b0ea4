/**
 * A program in the place of a service: it answers as one does, and does no work. Green at /healthz/active in the region
 * that ACTIVE_REGION… is not told to it: home is the active one. `PUT /ready?false` on its internal port makes it unready.
 */
import { createServer, type Server } from "node:http";
import { homeRegion } from "@castle/regions/catalogue.ts";

const { CASTLE_INSTANCE = "", CASTLE_REGION, CASTLE_PORT, CASTLE_INTERNAL_PORT } = process.env;
let isReady = true;

const listen = (server: Server, port: string | undefined): Server => server.listen(Number(port), "127.0.0.1");

const traffic = createServer((request, response) => {
  // Long enough for a test to end the process in the middle of it.
  setTimeout(() => response.end(`${CASTLE_REGION}/${CASTLE_INSTANCE}`), request.url === "/slow" ? 300 : 0);
});
const internal = createServer((request, response) => {
  if (request.method === "PUT") isReady = request.url === "/ready?true";
  const isWell =
    request.url === "/healthz/active"
      ? isReady && CASTLE_REGION === homeRegion
      : request.url === "/healthz/ready"
        ? isReady
        : true;
  response.writeHead(isWell ? 200 : 503).end();
});

if (CASTLE_PORT !== undefined) listen(traffic, CASTLE_PORT);
listen(internal, CASTLE_INTERNAL_PORT);
process.on("SIGTERM", () => {
  // Finishes what was begun, as a service does.
  if (traffic.listening) traffic.close(() => process.exit(0));
  else process.exit(0);
  traffic.closeIdleConnections();
});
