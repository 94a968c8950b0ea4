/** A span of time. Units are named at both ends, so that seconds never meet milliseconds by accident. */
export class Duration {
  readonly ms: number;

  private constructor(ms: number) {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`a duration must be at least 0 ms, got ${ms}`);
    this.ms = ms;
  }

  static ms(n: number): Duration {
    return new Duration(n);
  }

  static seconds(n: number): Duration {
    return new Duration(n * 1_000);
  }

  static minutes(n: number): Duration {
    return new Duration(n * 60_000);
  }

  get seconds(): number {
    return this.ms / 1_000;
  }

  toString(): string {
    return this.ms < 1_000 ? `${Math.round(this.ms)} ms` : `${(this.ms / 1_000).toFixed(1)} s`;
  }
}

export const { ms: milliseconds, seconds, minutes } = Duration;
