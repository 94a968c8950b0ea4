/**
 * What a gateway tells of the answers that traders get to orders and cancels, by the names Prometheus has them under:
 * those who watch the traders' view read the same names.
 */
export const orderMetrics = {
  /** Counter of answers, by `outcome`. */
  answers: "castle_order_answers_total",
  /** Histogram of the seconds from a request's arrival to its acknowledgement. */
  seconds: "castle_order_answer_seconds",
} as const;

/**
 * - `acknowledged`: the command is in.
 * - `refused`: the trader's own doing: a filter, funds, a limit.
 * - `error`: the exchange's: not accepting, unknown, too late.
 * - `abandoned`: the client left before it was answered.
 */
export type AnswerOutcome = "acknowledged" | "refused" | "error" | "abandoned";
