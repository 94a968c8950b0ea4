import { controls, entryOf } from "../controls/catalogue.ts";
import type { ControlEntry } from "../controls/entry.ts";
import { type Framework, frameworks } from "../frameworks.ts";
import type { Rule } from "../rule.ts";

/** A framework's control and the rules that serve it: none means that nothing here covers it. */
export interface MatrixRow<R> {
  readonly control: ControlEntry;
  readonly served: readonly {
    readonly rule: R /** As the rule names them. */;
    readonly numbers: readonly string[];
  }[];
}

export interface Matrix<R> {
  readonly framework: Framework;
  readonly title: string;
  readonly covered: readonly MatrixRow<R>[];
  readonly notCovered: readonly ControlEntry[];
}

export const matrices = <R extends Pick<Rule, "controls">>(
  rules: readonly R[],
  only: Framework | null = null,
): Matrix<R>[] =>
  (Object.keys(frameworks) as Framework[])
    .filter((framework) => only === null || framework === only)
    .map((framework) => {
      const rows = controls[framework].map(
        (control): MatrixRow<R> => ({
          control,
          served: rules.flatMap((rule) => {
            const numbers = rule.controls
              .filter((each) => each.framework === framework && entryOf(each) === control)
              .map(({ number }) => number);
            return numbers.length > 0 ? [{ rule, numbers }] : [];
          }),
        }),
      );
      return {
        framework,
        title: frameworks[framework].title,
        covered: rows.filter(({ served }) => served.length > 0),
        notCovered: rows.filter(({ served }) => served.length === 0).map(({ control }) => control),
      };
    });
