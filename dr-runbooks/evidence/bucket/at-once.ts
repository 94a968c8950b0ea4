/** Does the work of each item, in order, so many of them at the same time. @throws the first failure, once all are idle. */
export async function atOnce<Item>(
  limit: number,
  items: readonly Item[],
  work: (item: Item, at: number) => Promise<void>,
): Promise<void> {
  const left = items.entries();
  let failed = false;
  const ended = await Promise.allSettled(
    Array.from({ length: limit }, async () => {
      for (const [at, item] of left) {
        if (failed) return;
        await work(item, at).catch((error: unknown) => {
          failed = true;
          throw error;
        });
      }
    }),
  );
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}
