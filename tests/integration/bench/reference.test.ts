import type { PlaceIntent } from "@castle/lab/traders/intent.ts";
import { requestFor, type WireRequest } from "@castle/lab/traders/requests.ts";
import { expect } from "chai";
import { Reference } from "../../bench/order-cost/reference/reference.ts";

const place = (clientOrderId: string): PlaceIntent => ({
  ...{ kind: "place", trader: 0, symbol: "BTCUSDT", clientOrderId, side: "BUY", type: "LIMIT" },
  ...{ timeInForce: "GTC", price: "100.00", quantity: "1.00", quoteOrderQty: null, answer: "RESULT" },
});

describe("the reference path of the bench", function () {
  this.timeout(60_000);
  let reference: Reference;

  before(async () => {
    reference = await Reference.up({ accounts: 2, roundTripMs: 20 });
  });
  after(() => reference?.[Symbol.asyncDispose]());

  const sign = (intent: Parameters<typeof requestFor>[0]): WireRequest => {
    const [account] = reference.accounts;
    if (!account) throw new Error("there is no account");
    return requestFor(intent, { account, recvWindow: 5_000, timestamp: Date.now() });
  };
  const send = async ({ method, path, apiKey }: WireRequest): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(`${reference.api}${path}`, {
      method,
      headers: { "X-MBX-APIKEY": apiKey ?? "" },
    });
    return { status: answer.status, body: await answer.json() };
  };
  const held = async (server: Reference["near"], clientId: string): Promise<boolean> =>
    (await server.query("select from command where client_id = $1", [clientId])).length === 1;

  it("acknowledges an order that both servers hold", async () => {
    const { status, body } = await send(sign(place("both")));
    expect({ status, body }).to.deep.include({ status: 200 });
    expect(body).to.include({ clientOrderId: "both", status: "NEW" });
    expect([await held(reference.near, "both"), await held(reference.far, "both")]).to.deep.equal([
      true,
      true,
    ]);
  });

  it("acknowledges nothing that the far server has not committed", async () => {
    await reference.link.stall(["journal"]);
    let answered = false;
    const answer = send(sign(place("near alone"))).finally(() => {
      answered = true;
    });
    while (!(await held(reference.near, "near alone"))) expect(answered).to.equal(false);
    expect(await held(reference.far, "near alone")).to.equal(false);
    expect(answered).to.equal(false);
    await reference.link.resume(["journal"]);
    expect((await answer).status).to.equal(200);
    expect(await held(reference.far, "near alone")).to.equal(true);
  });

  it("takes as long as a round trip between the two servers at least", async () => {
    const sentAt = performance.now();
    await send(sign(place("far away")));
    expect(performance.now() - sentAt).to.be.greaterThan(20);
  });

  it("refuses a request that was changed after it was signed", async () => {
    const signed = sign(place("forged"));
    const forged = { ...signed, path: signed.path.replace("quantity=1.00", "quantity=9.00") };
    expect(await send(forged)).to.deep.include({ status: 401 });
    expect(await held(reference.near, "forged")).to.equal(false);
  });

  it("cancels an open order once, and answers what became of it", async () => {
    await send(sign(place("open")));
    const about = { trader: 0, symbol: "BTCUSDT", origClientOrderId: "open" };
    const cancel = (clientOrderId: string) => send(sign({ kind: "cancel", clientOrderId, ...about }));
    expect((await cancel("cancel 1")).body).to.include({ origClientOrderId: "open", status: "CANCELED" });
    expect(await cancel("cancel 2")).to.deep.include({ status: 400 });
    expect((await send(sign({ kind: "query-order", ...about }))).body).to.include({ status: "CANCELED" });
  });
});
