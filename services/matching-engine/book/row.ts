/** Where an order is in the table of resting orders; {@link NO_ROW} is nowhere. */
export type Row = number;
export const NO_ROW: Row = -1;
