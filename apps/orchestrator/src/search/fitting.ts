/** A reply has to fit into one message of NATS, by default 1 MiB. */
const maxBytes = 900_000;

/** As many of the first as one reply has room for; one at least. */
export const fitting = <T>(items: readonly T[], limit = maxBytes): T[] => {
  let bytes = 0;
  const end = items.findIndex((item, i) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return bytes > limit && i > 0;
  });
  return items.slice(0, end < 0 ? items.length : end);
};
