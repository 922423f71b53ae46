import { DomainError } from '@millrace/contracts';
import { repliesOf } from './replies-of.js';

const missing = new DomainError('not_found', 'no');
const starting = new DomainError('unavailable', 'not yet');

it('are what was answered, whatever else failed', () => {
  expect(repliesOf({ replies: [1, 2], errors: [missing], silent: 1 })).toEqual([1, 2]);
});

it.each([
  [[missing, missing], missing],
  [[missing, starting], starting],
])('are the error where nothing was', (errors, thrown) => {
  expect(() => repliesOf({ replies: [], errors, silent: 0 })).toThrow(thrown);
});
