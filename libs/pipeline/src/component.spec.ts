import { componentsModule } from './component.js';
import { fit, list } from './testing/components.js';

describe('componentsModule', () => {
  it('writes every component as a constant, by name', () => {
    const text = componentsModule([fit, list]);
    expect(text.match(/^export const \w+/gm)).toEqual(['export const filesList', 'export const modelFit']);
    const [, written] = /export const modelFit = component\((.*?)\);\n/s.exec(text) ?? [];
    expect(JSON.parse(written ?? '')).toEqual(fit);
  });

  it('makes identifiers of any names', () => {
    const text = componentsModule([{ ...list, name: 'big-data.list-all' }]);
    expect(text).toContain('export const bigDataListAll = component(');
  });
});
