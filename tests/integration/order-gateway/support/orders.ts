/** As a trader sends it: it rests on an empty book, and holds 20 USDT. */
export const limitOrder = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "0.001",
  price: "20000.00",
  newOrderRespType: "ACK",
};
