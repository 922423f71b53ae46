import { chooseByWeight } from './choose-by-weight.js';

const choices = [
  { name: 'a', weight: 90 },
  { name: 'b', weight: 0 },
  { name: 'c', weight: 10 },
];

describe('the choice of a target', () => {
  it.each([
    [0, 'a'],
    [0.899, 'a'],
    [0.901, 'c'],
    [0.9999999, 'c'],
  ])('follows the weights: %d → %s', (random, name) => {
    expect(chooseByWeight(choices, random).name).toBe(name);
  });
});
