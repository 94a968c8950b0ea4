import type { WireProtocol, WireRequest } from "./protocol.ts";

/** Which protocol a request is in: a service that speaks more than one answers in the caller's. */
export type ProtocolBySight = (request: WireRequest) => WireProtocol;

/** JSON names the operation in a header, Query does not know that header. */
export const bySight =
  ({ json, query }: { readonly json: WireProtocol; readonly query: WireProtocol }): ProtocolBySight =>
  ({ headers }) =>
    headers["x-amz-target"] === undefined ? query : json;
