/** A runbook was to be run with nobody there to agree, where somebody has to be. */
export class SomebodyMustAgree extends Error {
  constructor(runbook: string, target: string, because: string) {
    super(
      `${runbook} of ${target} is not run with --yes, which is for drills in a lab: ${because} Run it at a terminal, without --yes`,
    );
    this.name = "SomebodyMustAgree";
  }
}
