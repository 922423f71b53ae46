/** Requests per second of so many callers, each of whom asks again when answered. Any failure fails the measurement. */
export const closedLoop = async (ask: () => Promise<unknown>, ms: number, callers = 64): Promise<number> => {
  const began = performance.now();
  const end = began + ms;
  let done = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await ask();
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (done / (performance.now() - began)) * 1_000;
};
