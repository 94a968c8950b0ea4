/** The spans of time that candles are built for, as Binance names them: `1m` is a minute, `1M` a month. */
export const candleSpans = [
  ...["1s", "1m", "3m", "5m", "15m", "30m"],
  ...["1h", "2h", "4h", "6h", "8h", "12h"],
  ...["1d", "3d", "1w", "1M"],
] as const;
