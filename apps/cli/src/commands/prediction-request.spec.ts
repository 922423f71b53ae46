import { predictionRequest } from './prediction-request.js';

describe('what to predict from', () => {
  it.each([
    ['a record', { distance: 400 }, { form: 'rows', body: { rows: [{ distance: 400 }] } }],
    ['records', [{ a: 1 }, { a: 2 }], { form: 'rows', body: { rows: [{ a: 1 }, { a: 2 }] } }],
    ['rows', { id: 'x', rows: [{ a: 1 }] }, { form: 'rows', body: { id: 'x', rows: [{ a: 1 }] } }],
    [
      'a record with a column called inputs',
      { inputs: 3 },
      { form: 'rows', body: { rows: [{ inputs: 3 }] } },
    ],
    ['tensors', { inputs: [], id: 'x' }, { form: 'tensors', body: { inputs: [], id: 'x' } }],
  ])('may be %s', (_, value, request) => {
    expect(predictionRequest(value)).toEqual(request);
  });

  it.each([
    ['a number', 1, 'json'],
    ['null', null, 'json'],
    ['no records', [], 'json'],
    ['what is no record', [{ a: 1 }, 2], 'rows[1]'],
    ['rows that are no records', { rows: [[1]] }, 'rows[0]'],
  ])('may not be %s', (_, value, field) => {
    expect(() => predictionRequest(value)).toThrow(
      expect.objectContaining({ details: { fields: [expect.objectContaining({ field })] } }),
    );
  });
});
