import type { ArtifactRef, JsonValue, ReportManifest } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { openBench } from '../testing/bench.js';

const csv = `id,age,kind,at,ok
1,10,cat,2020-01-01,true
2,,dog,2020-01-02,true
3,300,cat,2020-01-03,false
4,-5,cow,,
4,20,,2020-01-05,true
`;

withDatabases((database) => {
  describe('validation.check', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    let dataset: ArtifactRef;
    beforeAll(async () => {
      bench = await openBench(database);
      dataset = await bench.dataset(csv);
    });
    afterAll(() => bench[Symbol.asyncDispose]());

    const check = (...expectations: JsonValue[]) => bench.check(dataset, expectations);
    const failure = async (...expectations: JsonValue[]) => {
      const error = await check(...expectations).then(
        () => Promise.reject(new Error('expected a failure')),
        (thrown: unknown) => thrown as { code: string; message: string; details: Record<string, never> },
      );
      return error;
    };

    it('passes the dataset through with a report when all holds', async () => {
      const { outputs, metrics } = await check(
        { expect: 'expect_table_row_count_to_be_between', min_value: 5, max_value: 5 },
        { expect: 'expect_column_to_exist', column: 'age' },
        { expect: 'expect_column_values_to_not_be_null', column: 'age', mostly: 0.8 },
        { expect: 'expect_column_values_to_be_between', column: 'age', min_value: -5, max_value: 300 },
        {
          expect: 'expect_column_values_to_be_between',
          column: 'at',
          min_value: '2020-01-01',
          max_value: '2020-01-05T00:00:00Z',
        },
        { expect: 'expect_column_values_to_be_in_set', column: 'kind', value_set: ['cat', 'dog', 'cow'] },
        { expect: 'expect_column_values_to_be_in_set', column: 'ok', value_set: [true, false] },
        { expect: 'expect_column_values_to_be_unique', column: 'at' },
      );
      expect(outputs.dataset).toEqual(dataset);
      expect(metrics).toEqual({ rows: 5, expectations: 8, failed: 0 });
      const report = await bench.artifacts.getJson<ReportManifest>(outputs.report as ArtifactRef);
      expect(report).toMatchObject({
        kind: 'validation',
        summary: { success: true, failed: 0 },
        lineage: { dataset: dataset.digest },
        body: {
          profile: expect.arrayContaining([expect.objectContaining({ name: 'age', missing: 1, min: -5 })]),
        },
      });
    });

    it('is reproducible', async () => {
      const first = await check({ expect: 'expect_column_to_exist', column: 'age' });
      expect((await check({ expect: 'expect_column_to_exist', column: 'age' })).outputs).toEqual(
        first.outputs,
      );
    });

    it.each([
      [{ expect: 'expect_column_values_to_not_be_null', column: 'age' }, 1, 5, [2]],
      [{ expect: 'expect_column_values_to_not_be_null', column: 'age', mostly: 0.81 }, 1, 5, [2]],
      [{ expect: 'expect_column_values_to_be_between', column: 'age', min_value: 0 }, 1, 4, [4]],
      [{ expect: 'expect_column_values_to_be_between', column: 'age', max_value: 15 }, 2, 4, [3, 5]],
      [
        {
          expect: 'expect_column_values_to_be_between',
          column: 'at',
          max_value: '2020-01-02T12:00:00+02:00',
        },
        2,
        4,
        [3, 5],
      ],
      [{ expect: 'expect_column_values_to_be_between', column: 'kind', min_value: 'cow' }, 2, 4, [1, 3]],
      [{ expect: 'expect_column_values_to_be_in_set', column: 'kind', value_set: ['cat'] }, 2, 4, [2, 4]],
      [{ expect: 'expect_column_values_to_be_in_set', column: 'age', value_set: [10, 20] }, 2, 4, [3, 4]],
      [{ expect: 'expect_column_values_to_be_unique', column: 'id' }, 2, 5, [4, 5]],
    ])('%j: %i of %i rows offend', async (expectation, offending, counted, rows) => {
      const error = await failure(expectation);
      expect(error).toMatchObject({
        code: 'data_invalid',
        message: expect.stringContaining(
          `column '${expectation.column}': ${expectation.expect}: ${offending} of ${counted} rows`,
        ),
        details: {
          failures: [{ expect: expectation.expect, column: expectation.column, offending, counted }],
        },
      });
      const [first] = error.details.failures as unknown as { rows: { row: number; values: object }[] }[];
      expect(first!.rows.map(({ row }) => row)).toEqual(rows);
      expect(Object.keys(first!.rows[0]!.values)[0]).toBe(expectation.column);
    });

    it('names at most ten offending rows, and keeps the report of what failed', async () => {
      const many = await bench.dataset(`x\n${'1\n'.repeat(30)}`);
      const error = await bench
        .check(many, [{ expect: 'expect_column_values_to_be_unique', column: 'x' }])
        .catch((thrown: { details: { failures: { rows: [] }[]; report: ArtifactRef } }) => thrown);
      const { failures, report } = (error as { details: { failures: { rows: [] }[]; report: ArtifactRef } })
        .details;
      expect(failures[0]!.rows).toHaveLength(10);
      expect(await bench.artifacts.getJson(report)).toMatchObject({
        summary: { success: false, blocking: 1 },
      });
    });

    it('names every violation', async () => {
      const error = await failure(
        { expect: 'expect_column_to_exist', column: 'departure' },
        { expect: 'expect_column_values_to_not_be_null', column: 'origin' },
        { expect: 'expect_table_row_count_to_be_between', min_value: 1000 },
      );
      expect(error.message).toContain("no column 'departure'; there are id, age, kind, at, ok");
      expect(error.message).toContain("no column 'origin'");
      expect(error.message).toContain('has 5 rows, expected at least 1000');
    });

    it('lets a warning pass, and says it in the log', async () => {
      const { outputs, log, metrics } = await check({
        expect: 'expect_column_values_to_not_be_null',
        column: 'age',
        severity: 'warn',
      });
      expect(outputs.dataset).toEqual(dataset);
      expect(metrics).toMatchObject({ failed: 1 });
      expect(log).toEqual([{ level: 'warn', message: expect.stringContaining('1 of 5 rows') }]);
    });

    it.each([
      [{ expect: 'expect_magic', column: 'age' }, 'params.expectations[0].expect'],
      [{ expect: 'expect_column_to_exist' }, 'params.expectations[0].column'],
      [{ expect: 'expect_column_to_exist', column: 'age', colour: 1 }, 'params.expectations[0].colour'],
      [{ expect: 'expect_column_values_to_be_between', column: 'age' }, 'params.expectations[0]'],
      [
        { expect: 'expect_column_values_to_be_between', column: 'age', min_value: 'x' },
        'params.expectations[0].min_value',
      ],
      [
        { expect: 'expect_column_values_to_be_between', column: 'at', min_value: 5 },
        'params.expectations[0].min_value',
      ],
      [
        { expect: 'expect_column_values_to_be_between', column: 'at', min_value: 'today' },
        'params.expectations[0].min_value',
      ],
      [
        { expect: 'expect_column_values_to_be_in_set', column: 'kind', value_set: ['x', 1] },
        'params.expectations[0].value_set[1]',
      ],
      [
        { expect: 'expect_column_values_to_not_be_null', column: 'age', mostly: 2 },
        'params.expectations[0].mostly',
      ],
    ])('refuses %j, naming %s', async (expectation, field) => {
      const error = await failure(expectation as JsonValue);
      expect(error.code).toBe('invalid_request');
      const fields = (error.details.fields as unknown as { field: string }[]).map((one) => one.field);
      expect(fields.some((one) => one.startsWith(field))).toBe(true);
    });

    it('is not deceived by names and values that look like SQL', async () => {
      const hostile = await bench.dataset('"a"" OR true --",b\n1,x\n');
      const { outputs } = await bench.check(hostile, [
        { expect: 'expect_column_values_to_be_between', column: 'a" OR true --', min_value: 1, max_value: 1 },
        { expect: 'expect_column_values_to_be_in_set', column: 'b', value_set: ["x') OR ('1'='1", 'x'] },
      ]);
      expect(outputs.dataset).toEqual(hostile);
      await expect(
        bench.check(hostile, [
          { expect: 'expect_column_values_to_be_in_set', column: 'b', value_set: ["y') OR ('1'='1"] },
        ]),
      ).rejects.toMatchObject({ code: 'data_invalid' });
    });

    it('keeps the profile and what it suggests to expect', async () => {
      await check();
      const { columns, expectations } = await bench.profiles.get({ dataset: dataset.digest });
      expect(columns.map(({ name, type, missing }) => [name, type, missing])).toEqual([
        ['id', 'integer', 0],
        ['age', 'integer', 1],
        ['kind', 'string', 1],
        ['at', 'timestamp', 1],
        ['ok', 'boolean', 1],
      ]);
      expect(expectations).toContainEqual({
        ...{ expect: 'expect_column_values_to_be_between', column: 'age', min_value: -5, max_value: 300 },
      });
      // What is suggested holds of the data that suggested it.
      expect((await check(...(expectations as JsonValue[]))).metrics).toMatchObject({ failed: 0 });
      await expect(bench.profiles.get({ dataset: `sha256:${'0'.repeat(64)}` })).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });
});
