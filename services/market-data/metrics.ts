import { Counter, Gauge } from "prom-client";

export const metrics = {
  connections: new Gauge({
    name: "castle_market_data_connections",
    help: "WebSocket connections that are open now.",
  }),
  messagesSent: new Counter({
    name: "castle_market_data_messages_sent_total",
    help: "Event messages handed to connections, once per connection.",
  }),
  consumersDropped: new Counter({
    name: "castle_market_data_consumers_dropped_total",
    help: "Connections closed because their reader did not keep up.",
  }),
  candleTrades: new Counter({
    name: "castle_market_data_candle_trades_total",
    help: "Trades taken into candles.",
  }),
  repairs: new Counter({
    name: "castle_market_data_gap_repairs_total",
    help: "Times that outcomes were read from the database, by what made it necessary.",
    labelNames: ["cause"] as const,
  }),
};
