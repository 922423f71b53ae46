import { formatOf } from './source-format.js';

describe('the format of a source', () => {
  it.each([
    ['a.csv', 'csv'],
    ['a.TSV', 'csv'],
    ['npm:p/a.parquet', 'parquet'],
    ['a.ndjson', 'jsonl'],
    ['a.b.json', 'json'],
  ])('%s is %s', (source, format) => expect(formatOf(source)).toBe(format));

  it('is what is said', () => expect(formatOf('a.txt', 'csv')).toBe('csv'));

  it('must be said when the extension does not', () =>
    expect(() => formatOf('a.txt')).toThrow(/params.format: is required.*a.txt/));
});
