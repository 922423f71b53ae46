/** Does something until it is done or the user has seen enough (Ctrl-C); then it returns undefined. */
export const untilInterrupted = async <T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> => {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
    return undefined;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
};
