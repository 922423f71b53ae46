import { detectDelimiter, firstRecord, headerNames } from './csv-header.js';

describe('the header of a CSV file', () => {
  it.each([
    ['a,b\nc', ['a', 'b']],
    ['"a,1","b ""c"""\r\n', ['a,1', 'b "c"']],
    ['"a\nb",c\n', ['a\nb', 'c']],
    [',a\n', ['', 'a']],
    ['a,"b\n', undefined],
    ['a,b', undefined],
  ])('%j → %j', (text, fields) => {
    expect(firstRecord(text, ',')).toEqual(fields);
  });

  it.each([
    ['a,b;c,d\n', ','],
    ['a;b;c\n', ';'],
    ['a\tb\n', '\t'],
    ['"a;b"|c\n', '|'],
    ['a\n', ','],
  ])('the delimiter of %j is %j', (text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });

  it('numbers what has no name', () => {
    expect(headerNames(['', 'a', ' '])).toEqual(['column0', 'a', 'column2']);
  });
});
