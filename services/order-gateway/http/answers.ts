import { type AnswerOutcome, orderMetrics } from "@castle/services/kernel/health/order-metrics.ts";
import type { RequestHandler } from "express";
import client from "prom-client";

const answers = new client.Counter({
  name: orderMetrics.answers,
  help: "Answers to orders and cancels: acknowledged, refused (the trader's doing), error (ours), abandoned.",
  labelNames: ["outcome"] as const,
});
const seconds = new client.Histogram({
  name: orderMetrics.seconds,
  help: "From the arrival of an order or a cancel to its acknowledgement.",
  buckets: [
    0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5,
  ],
});

/** Looked up once: the path of an order is no place for labels. */
const counted: Readonly<Record<AnswerOutcome, { inc(): void }>> = {
  acknowledged: answers.labels("acknowledged"),
  refused: answers.labels("refused"),
  error: answers.labels("error"),
  abandoned: answers.labels("abandoned"),
};

/** Counts what traders are answered to orders and cancels, refusals before anybody looks at the order among them. */
export const countAnswers = (): RequestHandler => (request, response, next) => {
  if (request.method === "POST" || request.method === "DELETE") {
    const arrived = performance.now();
    response.once("close", () => {
      const outcome = response.writableFinished ? outcomeOf(response.statusCode) : "abandoned";
      counted[outcome].inc();
      if (outcome === "acknowledged") seconds.observe((performance.now() - arrived) / 1_000);
    });
  }
  next();
};

const outcomeOf = (status: number): AnswerOutcome => {
  if (status < 400) return "acknowledged";
  return status < 500 ? "refused" : "error";
};
