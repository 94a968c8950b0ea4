import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { apiError, apiErrors, noSuchEndpoint } from "@castle/services/kernel/http/errors.ts";
import { accountOf, parametersOf, readParameters, textOf } from "@castle/services/kernel/http/received.ts";
import { expect } from "chai";
import express from "express";
import { pino } from "pino";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("what an API answers to what goes wrong", () => {
  const logged: { level: number; msg: string }[] = [];
  const log = pino({}, { write: (line) => logged.push(JSON.parse(line)) });
  let server: Server;
  let url: string;

  before(async () => {
    const app = express();
    app.get("/before", (_request, response) => void response.json(parametersOf(response)));
    app.post("/json", express.json({ limit: 20 }), (request, response) => void response.json(request.body));
    app.use(readParameters(40));
    app.get("/refused", () => {
      throw apiError.noSuchOrder();
    });
    app.get("/later", async () => Promise.reject(apiError.notAccepting("of a test", new Error("the cause"))));
    app.get("/defect", () => {
      throw new Error("secret=hunter2");
    });
    app.get("/unauthenticated", (_request, response) => void response.json(accountOf(response)));
    app.all("/echo", (_request, response) => void response.json(textOf(response)));
    app.get("/thing/:id", (request, response) => void response.json(request.params.id));
    app.use(noSuchEndpoint, apiErrors(log));
    server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    logged.length = 0;
  });
  after(() => server.close());

  const ask = async (path: string, init?: RequestInit): Promise<[number, unknown]> => {
    const response = await fetch(url + path, init);
    return [response.status, await response.json()];
  };

  it("hands parameters on exactly as received", async () => {
    const body = "b=%7e+%20";
    expect(await ask("/echo?a=%41", { method: "POST", headers: FORM, body })).to.deep.equal([
      200,
      { query: "a=%41", body },
    ]);
  });

  it("tells a refusal as {code, msg} with its status", async () => {
    expect(await ask("/refused")).to.deep.equal([400, { code: -2013, msg: "Order does not exist." }]);
  });

  it("logs the cause of a refusal, and does not tell it", async () => {
    const [status, body] = await ask("/later");
    expect(status).to.equal(503);
    expect(body).to.deep.equal({ code: -1001, msg: "Not executed: of a test. Reconnect and send again." });
    expect(JSON.stringify(logged)).to.contain("the cause");
  });

  it("tells nothing of a defect, and logs it as an error", async () => {
    const [status, body] = await ask("/defect");
    expect(status).to.equal(500);
    expect(body).to.deep.equal({
      code: -1000,
      msg: "An unknown error occurred while processing the request.",
    });
    expect(logged.map((line) => line.level)).to.deep.equal([50]);
  });

  const refused: readonly (readonly [string, string, RequestInit, number, number])[] = [
    [
      "malformed JSON",
      "/json",
      { method: "POST", headers: { "content-type": "application/json" }, body: "{" },
      400,
      -1135,
    ],
    [
      "JSON that is too large",
      "/json",
      { method: "POST", headers: { "content-type": "application/json" }, body: `["${"a".repeat(30)}"]` },
      413,
      -1101,
    ],
    [
      "a form that is too large",
      "/echo",
      { method: "POST", headers: FORM, body: `a=${"b".repeat(40)}` },
      413,
      -1101,
    ],
    [
      "JSON where a form belongs",
      "/echo",
      { method: "POST", headers: { "content-type": "application/json" }, body: "{}" },
      415,
      -1100,
    ],
    [
      "a compressed form",
      "/echo",
      { method: "POST", headers: { ...FORM, "content-encoding": "gzip" }, body: "a=1" },
      415,
      -1100,
    ],
    ["a parameter sent twice", "/echo?a=1&a=2", {}, 400, -1101],
    ["a path that cannot be decoded", "/thing/%E0%A4%A", {}, 400, -1100],
    ["a path that does not exist", "/nowhere", {}, 404, -1000],
  ];
  for (const [what, path, init, status, code] of refused)
    it(`refuses ${what} with ${status} and ${code}`, async () => {
      const [given, body] = await ask(path, init);
      expect(given).to.equal(status);
      expect(body).to.include({ code }).and.to.have.property("msg").that.is.a("string");
      expect(body).to.have.all.keys("code", "msg");
    });

  it("treats a route mounted in the wrong place as a defect", async () => {
    expect((await ask("/before"))[0]).to.equal(500);
    expect((await ask("/unauthenticated"))[0]).to.equal(500);
    expect(JSON.stringify(logged))
      .to.contain("without readParameters()")
      .and.to.contain("without authentication");
  });
});
