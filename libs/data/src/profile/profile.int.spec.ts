import { vega, workbench } from '../workbench.js';

describe('profiling', () => {
  it('counts, ranges, moments, quantiles, top values', async () => {
    await using bench = await workbench();
    const csv =
      'n,s,b,t\n1,x,true,2020-01-01\n2,y,false,2020-01-03\n3,x,,2020-01-02\n,,true,\n10,x,true,2020-01-05\n';
    await bench.data.importFile(await bench.file('in.csv', csv), { format: 'csv' }, bench.path('in'));
    // Mean, sample deviation and linear quantiles of 1, 2, 3, 10, by hand.
    expect(await bench.data.profile([bench.path('in')])).toEqual([
      {
        name: 'n',
        type: 'integer',
        count: 5,
        missing: 1,
        distinct: 4,
        min: 1,
        max: 10,
        mean: 4,
        std: expect.closeTo(Math.sqrt((9 + 4 + 1 + 36) / 3), 12),
        quantiles: {
          '0.01': expect.closeTo(1.03, 12),
          '0.25': 1.75,
          '0.5': 2.5,
          '0.75': 4.75,
          '0.99': expect.closeTo(9.79, 12),
        },
      },
      {
        name: 's',
        type: 'string',
        count: 5,
        missing: 1,
        distinct: 2,
        min: 'x',
        max: 'y',
        top: [
          { value: 'x', count: 3 },
          { value: 'y', count: 1 },
        ],
      },
      {
        name: 'b',
        type: 'boolean',
        count: 5,
        missing: 1,
        distinct: 2,
        mean: 0.75,
        top: [
          { value: 'true', count: 3 },
          { value: 'false', count: 1 },
        ],
      },
      {
        name: 't',
        type: 'timestamp',
        count: 5,
        missing: 1,
        distinct: 4,
        min: '2020-01-01T00:00:00Z',
        max: '2020-01-05T00:00:00Z',
      },
    ]);
  });

  it('agrees with known facts about penguins', async () => {
    await using bench = await workbench();
    await bench.data.importFile(vega('penguins.json'), { format: 'json' }, bench.path('p'));
    const profiles = await bench.data.profile([bench.path('p')]);
    // Published with the data set (palmerpenguins): 344 penguins, 152 of them Adelie; two without measurements.
    expect(profiles.find(({ name }) => name === 'Species')).toMatchObject({
      count: 344,
      top: [
        { value: 'Adelie', count: 152 },
        { value: 'Gentoo', count: 124 },
        { value: 'Chinstrap', count: 68 },
      ],
    });
    expect(profiles.find(({ name }) => name === 'Body Mass (g)')).toMatchObject({
      missing: 2,
      min: 2700,
      max: 6300,
    });
  });
});
