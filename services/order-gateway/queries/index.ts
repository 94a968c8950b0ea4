/** The questions the trading API answers; the gateway mounts them behind its own limits and authentication. */
export { account } from "./account.ts";
export { depth } from "./depth.ts";
export { exchangeInfo, ping, type RateLimit, serverTime } from "./general.ts";
export { ackResponse, cancelResponse, type ResponseType, resultResponse } from "./order-view.ts";
export { openOrders, queryOrder } from "./orders.ts";
export { myTrades, recentTrades } from "./trades.ts";
export { closeUserStream, keepUserStream, openUserStream } from "./user-stream.ts";
