/** 1234 → `1.2 s` */
export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** From one RFC 3339 moment to another; undefined unless both are there. */
export const between = (from: string | undefined, to: string | undefined): string | undefined =>
  from && to ? duration(Date.parse(to) - Date.parse(from)) : undefined;

/** 0.123456 → `0.1235`; large numbers keep their digits. */
export const number = (value: unknown): string =>
  typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);

/** For people: what is measured of something else (`baseline.auc`) is left to `--json`. */
export const metrics = (values: Record<string, number>): string =>
  Object.entries(values)
    .filter(([name]) => !name.includes('.'))
    .map(([name, value]) => `${name} ${number(value)}`)
    .join(', ');

const maxLength = 80;

/** For a cell of a table; the whole is in `--json`. */
export const shortened = (text: string | undefined): string | undefined =>
  text !== undefined && text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;

/** RFC 3339 → `2026-01-01 12:00:00`, UTC. */
export const moment = (rfc3339: string | undefined): string | undefined =>
  rfc3339?.slice(0, 19).replace('T', ' ');
