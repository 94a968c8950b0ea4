/**
 * The cell's gateways that do not reach the peer, as they say themselves. A word holds for a moment: one that was killed
 * takes nothing back. Times are this database's, so that no clocks are compared.
 */
export const cutOff = `
create table cut_off (
  instance text primary key,
  epoch bigint not null,
  at timestamptz not null
);
`;
