import { findDescriptor } from '../testing/descriptors.js';
import { compareVersions } from './compare-versions.js';
import { readDescriptor } from './descriptor.js';
import { aliveMs, Sightings } from './sightings.js';

const known = findDescriptor('model.fit');
if (!known) throw new Error('no descriptor');
const fit = known;
const at = (version: string) => ({ ...fit, version });

describe('Sightings', () => {
  it('finds the newest version that is alive, else the newest', () => {
    let now = 0;
    const sightings = new Sightings(() => now);
    sightings.add(at('1.10.0'), -Infinity);
    sightings.add(at('1.9.0'));
    sightings.add(at('1.2.0'));
    expect(sightings.find('model.fit')?.version).toBe('1.9.0');
    expect(sightings.list()).toMatchObject([{ version: '1.9.0', alive: true }]);
    now = aliveMs;
    expect(sightings.find('model.fit')?.version).toBe('1.10.0');
    expect(sightings.list()).toMatchObject([{ version: '1.10.0', alive: false }]);
    expect(sightings.version('model.fit', '1.2.0')?.version).toBe('1.2.0');
    expect(sightings.find('constructor')).toBeUndefined();
  });

  it('says what is new: a version, or another description of one', () => {
    const sightings = new Sightings(() => 0);
    expect(sightings.add(at('1.0.0'))).toBe(true);
    const first = sightings.find('model.fit');
    expect(sightings.add(structuredClone(at('1.0.0')))).toBe(false);
    expect(sightings.find('model.fit')).toBe(first);
    expect(sightings.add({ ...at('1.0.0'), timeoutMs: 7 })).toBe(true);
    expect(sightings.find('model.fit')?.timeoutMs).toBe(7);
  });
});

describe('compareVersions', () => {
  it.each([
    ['1.2.3', '1.2.3', 0],
    ['1.10.0', '1.9.9', 1],
    ['2.0.0-rc.1', '2.0.0', -1],
    ['2.0.0-rc.1', '2.0.0-beta', 1],
    ['1.0.0+x', '1.0.0+y', 0],
  ])('%s to %s: %i', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });
});

describe('readDescriptor', () => {
  it('takes what is one', () => {
    expect(readDescriptor(fit)).toBe(fit);
    const many = { ...fit, inputs: { train: { type: 'dataset', many: true } } };
    expect(readDescriptor(many)).toBe(many);
  });

  it.each([
    ['nothing', undefined],
    ['a name that is no subject', { ...fit, name: 'model.*' }],
    ['a name of one word', { ...fit, name: 'model' }],
    ['no version', { ...fit, version: 'latest' }],
    ['a port of no type', { ...fit, outputs: { model: { type: 'thing' } } }],
    ['a port with a bad name', { ...fit, outputs: { 'a.b': { type: 'model' } } }],
    ['many values', { ...fit, inputs: { a: { type: 'value', many: true } } }],
    ['many of a text', { ...fit, inputs: { a: { type: 'model', many: 'yes' } } }],
    ['no limit of time', { ...fit, timeoutMs: 0 }],
    ['params that are no schema', { ...fit, params: { type: 'nonsense' } }],
  ])('refuses %s, and says why', (_, value) => {
    expect(readDescriptor(value)).toEqual(expect.any(String));
  });
});
