import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";

export interface BudgetArgs {
  readonly context: CellContext;
}

/** When people are told: what was spent, and what the month will come to, in percent of the budget. */
export const budgetAlarms = [
  { of: "ACTUAL", percent: 50 },
  { of: "ACTUAL", percent: 80 },
  { of: "ACTUAL", percent: 100 },
  { of: "FORECASTED", percent: 100 },
] as const;

/** Tells when the environment, both cells and the global tier, costs more than was meant. It stops nothing. */
export class Budget extends ComponentResource {
  constructor(name: string, { context }: BudgetArgs, opts?: ComponentResourceOptions) {
    super("castle:global:Budget", name, {}, opts);
    const { settings, names } = context;
    new aws.budgets.Budget(
      `${name}-monthly`,
      {
        name: `${names.prefix}-monthly`,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(settings.monthlyBudgetUsd),
        limitUnit: "USD",
        // Environments share an account; the tag has to be activated once as a cost allocation tag.
        costFilters: [{ name: "TagKeyValue", values: [`user:castle:environment$${settings.environment}`] }],
        notifications: budgetAlarms.map(({ of, percent }) => ({
          notificationType: of,
          threshold: percent,
          thresholdType: "PERCENTAGE",
          comparisonOperator: "GREATER_THAN",
          subscriberEmailAddresses: [settings.alertEmail],
        })),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
