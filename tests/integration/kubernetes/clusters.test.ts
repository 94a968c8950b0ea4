import { get as httpGet, type IncomingMessage } from "node:http";
import { get } from "node:https";
import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import type { CellCluster } from "@castle/dr-runbooks/kubernetes/cluster.ts";
import { clusterToken } from "@castle/dr-runbooks/kubernetes/token.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { catalogueSizes, type ServiceName } from "@castle/services/catalogue.ts";
import { expect } from "chai";
import { rejection } from "../dr-runbooks/support/rejection.ts";
import { TwoClusters } from "./two-clusters.ts";

const GATEWAY: ServiceName = "order-gateway";

describe("the clusters of a lab's cells", () => {
  let rig: TwoClusters;
  let home: CellCluster;
  let peer: CellCluster;
  before(async () => {
    rig = await TwoClusters.start();
    home = rig.cluster(homeRegion);
    peer = rig.cluster(peerRegion);
  });
  after(async () => {
    await rig?.stop();
  });

  const ready = (cluster: CellCluster, service: ServiceName, count: number) =>
    until(
      async () => {
        const pods = (await cluster.pods()).filter((pod) => pod.service === service);
        return pods.length === count && pods.every((pod) => pod.ready);
      },
      { what: `${count} of ${service} to be ready, and no more to be there`, withinMs: 60_000, everyMs: 20 },
    );

  /** Which instance answers behind the edge, asked over a connection of its own. */
  const answering = (path = "/") =>
    new Promise<string>((resolve, reject) => {
      const port = rig.edge.get(GATEWAY);
      httpGet({ host: "127.0.0.1", port, path, agent: false }, (response) => {
        textOf(response).then(resolve, reject);
      }).on("error", reject);
    });
  const seenBehindEdge = async () => new Set(await Promise.all(Array.from({ length: 8 }, () => answering())));
  const behindEdge = (...instances: string[]) =>
    until(
      async () => {
        const seen = await seenBehindEdge();
        return seen.size === instances.length && instances.every((name) => seen.has(`${homeRegion}/${name}`));
      },
      { what: `${instances.join(" and ")} to have the traffic`, withinMs: 60_000, everyMs: 20 },
    );

  /** One request to the peer's API as anybody could make it. */
  const raw = (path: string, how: { authorization?: string; ca?: string | undefined }) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const { endpoint, certificateAuthority } = rig.clusters.in(peerRegion);
      const { authorization, ca = certificateAuthority } = how;
      get(
        new URL(path, endpoint),
        { ca, agent: false, headers: authorization === undefined ? {} : { authorization } },
        (response) => {
          textOf(response).then((text) => resolve({ status: response.statusCode, text }), reject);
        },
      ).on("error", reject);
    });
  const bearer = async (region: typeof homeRegion | typeof peerRegion) =>
    `Bearer ${await clusterToken(rig.eks(region), region, labIdentifiers().cell(region).clusterName)}`;

  it("are told by EKS, and run what their cell's role asks for, each pod ready by its own word", async () => {
    expect(await home.describe()).to.deep.equal({ status: "ACTIVE", version: "1.34", issues: [] });
    for (const [cluster, role] of [
      [home, "active"],
      [peer, "standby"],
    ] as const)
      for (const { service, wanted, ready } of await cluster.deployments())
        expect({ wanted, ready }, service).to.deep.equal({
          wanted: catalogueSizes[service][role],
          ready: catalogueSizes[service][role],
        });
    const [pod] = await peer.pods();
    expect(pod).to.include({ name: "order-gateway-0", ready: true, because: null });
    expect(pod?.digest).to.match(/^sha256:[0-9a-f]{64}$/);
  });

  it("answer nobody without a token signed for their own region, and vouch for themselves alone", async () => {
    const pods = "/api/v1/namespaces/castle/pods";
    expect(await raw(pods, {})).to.include({ status: 401 });
    const foreign = await raw(pods, { authorization: await bearer(homeRegion) });
    expect(foreign.status).to.equal(401);
    expect(foreign.text).to.match(/not to the STS of eu-central-1/);
    const other = rig.clusters.in(homeRegion).certificateAuthority;
    expect(await rejection(raw("/version", { ca: other }))).to.match(/self-signed certificate/);

    const authorization = await bearer(peerRegion);
    expect(await raw(pods, { authorization })).to.include({ status: 200 });
    expect(await raw("/api/v1/namespaces/castle/secrets", { authorization })).to.include({ status: 403 });
    expect(await raw("/apis/apps/v1/namespaces/castle/deployments/none", { authorization })).to.include({
      status: 404,
    });
    expect(await raw(`${pods}?labelSelector=a%20in%20(b)`, { authorization })).to.include({ status: 400 });
    const meant = await raw(`${pods}?labelSelector=app.kubernetes.io/name%3Dmarket-data`, { authorization });
    expect(JSON.parse(meant.text).items).to.have.length(1);
    expect(JSON.parse((await raw("/version", {})).text)).to.include({ major: "1", minor: "34" });
    expect(await raw("/readyz", {})).to.deep.equal({ status: 200, text: "ok" });
  });

  it("start a process for what is scaled up, which has traffic once it is healthy", async () => {
    await behindEdge("order-gateway-0", "order-gateway-1");
    rig.clusters.in(homeRegion).nodes.scale({ min: 2, max: 4, desired: 4 });
    await home.scale(GATEWAY, 3);
    await ready(home, GATEWAY, 3);
    await behindEdge("order-gateway-0", "order-gateway-1", "order-gateway-2");
  });

  it("end what is scaled down once it has answered what it was asked, and send nobody there any more", async () => {
    const slow = Array.from({ length: 9 }, () => answering("/slow"));
    await home.scale(GATEWAY, 2);
    // All are answered, whether or not they had reached the one that goes: on a busy machine some come too late for it.
    expect(await Promise.all(slow)).to.have.length(9);
    await ready(home, GATEWAY, 2);
    await behindEdge("order-gateway-0", "order-gateway-1");
    const names = rig.parts.regions.in(homeRegion).processes.map(({ name }) => name);
    expect(names).to.not.include("order-gateway-2");
  });

  it("restart a pod that was killed, and call one that is not ready just that", async () => {
    const process = rig.parts.regions.in(peerRegion).process("matching-engine-0");
    await process.kill();
    await ready(peer, "matching-engine", 1);
    expect(process.restarts).to.equal(1);

    const internal = `http://127.0.0.1:${process.internalPort}`;
    await fetch(`${internal}/ready?false`, { method: "PUT" });
    expect((await peer.pods()).find(({ service }) => service === "matching-engine")).to.include({
      ready: false,
    });
    await fetch(`${internal}/ready?true`, { method: "PUT" });
    await ready(peer, "matching-engine", 1);
  });

  it("leave pods pending that no node has room for, and start them once there is another node", async () => {
    await peer.scale(GATEWAY, 4);
    await until(
      async () => (await peer.pods()).some(({ because }) => because?.includes("no node has room") ?? false),
      { what: "a pod to be pending", withinMs: 60_000, everyMs: 20 },
    );
    const clientRequestToken = "a-token-of-33-characters-or-more-";
    const more = (desiredSize: number) =>
      rig.eks(peerRegion).send(
        new UpdateNodegroupConfigCommand({
          ...{ clusterName: "castle-eu-central-1", nodegroupName: "castle", clientRequestToken },
          scalingConfig: { desiredSize, maxSize: 6 },
        }),
      );
    const [one, other] = await Promise.all([more(5), more(5)]);
    expect(one.update).to.deep.equal(other.update);
    expect(await rejection(more(6))).to.match(/clientRequestToken was used before/);
    await ready(peer, GATEWAY, 4);
    expect(await peer.nodes()).to.have.length(5);
    expect(await peer.nodegroups()).to.deep.equal([{ name: "castle", status: "ACTIVE", desired: 5, max: 6 }]);
    await peer.scale(GATEWAY, 1);
    await ready(peer, GATEWAY, 1);
  });

  it("refuse what makes no sense", async () => {
    expect(await rejection(peer.scale(GATEWAY, -1))).to.match(/422 .*replicas/);
    expect(await rejection(peer.scale("nothing" as ServiceName, 1))).to.match(/404 .*"nothing" not found/);
  });

  it("start what there is room for when more is asked for than the lab has, and go on", async () => {
    await peer.scale(GATEWAY, 1_000);
    await until(
      async () => (await peer.pods()).some(({ because }) => because?.includes("no node") ?? false),
      {
        ...{ what: "pods to be pending", withinMs: 60_000, everyMs: 20 },
      },
    );
    await peer.scale(GATEWAY, 1);
    await ready(peer, GATEWAY, 1);
  });

  it("are silent with a region that is frozen, and refuse with one that is lost", async () => {
    const region = rig.parts.regions.in(peerRegion);
    const authorization = await bearer(peerRegion);
    const asked = () => raw("/api/v1/nodes", { authorization });
    await region.freeze();
    const first = asked();
    const answered = await Promise.race([first.then(() => true), pause(200)]);
    expect(answered).to.equal(false);
    first.catch(() => undefined);
    await region.thaw();
    expect(await asked()).to.include({ status: 200 });

    await region.kill();
    expect(await rejection(asked())).to.match(/ECONNRESET|hang up/);
    expect(await rejection(peer.pods())).to.match(/ECONNRESET|hang up/);
  });
});

const textOf = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
};

const pause = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), ms));
