import { seconds } from "@castle/regions/duration.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { runService } from "../kernel/lifecycle.ts";
import { startMarketData } from "./market-data.ts";

await runService(async ({ config, log }) => {
  const witness = new DynamoWitness({ ...config.witness, timeout: seconds(1) });
  const service = await startMarketData({ config, log, witness });
  return {
    stop: async () => {
      await service.stop();
      witness.close();
    },
  };
});
