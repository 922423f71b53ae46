/** `2001-01-01 00:01:00.123456` → `2001-01-01T00:01:00.123Z` */
const isoTime = (text: string): string => {
  const [date, time = '00:00:00'] = text.split(' ');
  const [whole, fraction = ''] = time.split('.');
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  return `${date}T${whole}${milliseconds === '000' ? '' : `.${milliseconds}`}Z`;
};

/** A stored value as DuckDB writes it in JSON → plain JSON: integers as numbers, times as ISO 8601 (UTC). */
export const plainValue = (value: unknown, duckType: string): unknown => {
  if (value === null) return null;
  if (duckType === 'TIMESTAMP') return isoTime(String(value));
  if (/^(?:U?BIGINT|U?HUGEINT|DECIMAL)/.test(duckType)) return Number(value);
  // NaN and the infinities have no JSON; DuckDB gives them as text.
  if (/^(?:DOUBLE|FLOAT)$/.test(duckType) && typeof value !== 'number') return value === 'NaN' ? null : value;
  return value;
};
