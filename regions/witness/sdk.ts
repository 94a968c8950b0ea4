import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * DynamoDB's client, loaded when something of it is first used. Required, since import reads this large file twice more:
 * to find out that it is CommonJS, and what it exports.
 */
export const sdk = {
  get dynamodb(): typeof import("@aws-sdk/client-dynamodb") {
    return require("@aws-sdk/client-dynamodb");
  },
};
