import { Empty, operations, type Dto } from '@millrace/contracts';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { instantiate } from './instantiate.js';
import { passesValidation } from './passes-validation.js';
import { validateDto } from './validate-dto.js';

class Inner {
  @IsString() @MaxLength(3) text: string;
  @IsOptional() @ValidateNested() @Type(() => Inner) inner?: Inner;
}
class Base {
  @IsOptional() @IsBoolean() flag?: boolean;
}
class Everything extends Base {
  @Type(() => Number) @IsInt() @Min(1) count: number;
  @IsDefined() anything: unknown;
  @Allow() allowed?: unknown;
  @IsOptional() @IsArray() @ArrayMaxSize(2) @ValidateNested({ each: true }) @Type(() => Inner) list?: Inner[];
  @IsOptional() @IsIn(['a', 'b'], { each: true }) letters?: string[];
  @ValidateIf((o: Everything) => o.flag === true) @Matches(/^x+$/) onlyWithFlag?: string;
}

const slow = (instance: object): boolean =>
  validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false })
    .length === 0;

const properties = [
  'flag',
  'count',
  'anything',
  'allowed',
  'list',
  'letters',
  'onlyWithFlag',
  'text',
  'inner',
  'other',
];
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(
      0,
      1,
      2,
      -1,
      1.5,
      '1',
      'a',
      'xx',
      'long text',
      '',
      true,
      false,
      null,
      [],
      {},
      ['a'],
      ['c'],
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...properties), tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
}));
const body = fc.dictionary(fc.constantFrom(...properties), value.value, {
  maxKeys: 8,
  noNullPrototype: true,
});
const valid = fc.record(
  {
    count: fc.constantFrom(1, 2),
    anything: fc.constant({ deep: [1] }),
    flag: fc.boolean(),
    onlyWithFlag: fc.constant('xx'),
    list: fc.array(fc.constant({ text: 'abc', inner: { text: '' } }), { maxLength: 2 }),
    letters: fc.constant(['a', 'b']),
  },
  { requiredKeys: ['count', 'anything', 'onlyWithFlag'] },
);

describe('passesValidation', () => {
  it('says what class-validator says, right or wrong', () => {
    let right = 0;
    const check = (plain: object): void => {
      const instance = plainToInstance(Everything, plain);
      const expected = slow(instance);
      expect(passesValidation(instance)).toBe(expected);
      if (expected) right++;
    };
    fc.assert(fc.property(fc.oneof(body, valid), check), { numRuns: 1_000 });
    expect(right).toBeGreaterThan(200);
  });

  it.each(operations.map(({ service, name, request }) => [`${service}.${name}`, request] as const))(
    'agrees with class-validator about %s',
    (_, request) => {
      const values = fc.constantFrom<unknown>('a', 'abc', 1, 0, '1', null, [], {}, ['a'], {
        type: 'model',
        digest: `sha256:${'a'.repeat(64)}`,
        size: 1,
      });
      const keys = Object.keys(new (request as Dto<Record<string, unknown>>)()).concat(
        'name',
        'limit',
        'after',
        'run',
        'endpoint',
        'model',
        'version',
        'alias',
        'yaml',
        'definition',
        'pipeline',
        'idempotencyKey',
        'other',
      );
      fc.assert(
        fc.property(
          fc.dictionary(fc.constantFrom(...keys), values, { maxKeys: 5, noNullPrototype: true }),
          (plain) => {
            const instance = plainToInstance(request, plain);
            expect(passesValidation(instance)).toBe(slow(instance));
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});

describe('validateDto', () => {
  it('names every mistake by its path', () => {
    const plain = {
      count: 0,
      anything: 1,
      list: [{ text: 'ok' }, { text: 'long', inner: { text: 5, more: 1 } }],
    };
    const error = ((): unknown => {
      try {
        return validateDto(Everything, plain);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect((error as { details: unknown }).details).toEqual({
      fields: [
        { field: 'count', message: 'must not be less than 1' },
        { field: 'list[1].text', message: 'must be shorter than or equal to 3 characters' },
        { field: 'list[1].inner.more', message: 'is not known' },
        { field: 'list[1].inner.text', message: expect.any(String) as string },
      ],
    });
  });

  it('takes nothing where nothing is wanted', () => {
    expect(validateDto(Empty, {})).toBeInstanceOf(Empty);
    expect(() => validateDto(Empty, { a: 1 })).toThrow('a: is not known');
  });

  it('refuses what can not be turned into an instance', () => {
    const odd = { count: { valueOf: 1, toString: 1 }, anything: 1 };
    expect(() => validateDto(Everything, odd)).toThrow('body: can not be read');
  });

  it('gives an instance with converted and nested values', () => {
    const dto = validateDto(Everything, { count: '3', anything: 0, list: [{ text: 'a' }] });
    expect(dto).toBeInstanceOf(Everything);
    expect(dto.count).toBe(3);
    expect(dto.list?.[0]).toBeInstanceOf(Inner);
  });
});

describe('instantiate', () => {
  it('makes what plainToInstance makes', () => {
    const same = (plain: object): void => {
      expect(instantiate(Everything, structuredClone(plain))).toEqual(plainToInstance(Everything, plain));
    };
    const odd = (error: unknown): boolean => error instanceof TypeError;
    fc.assert(
      fc.property(fc.oneof(body, valid), (plain) => {
        let expected: unknown;
        try {
          expected = plainToInstance(Everything, plain);
        } catch (error) {
          expect(odd(error)).toBe(true);
          expect(() => instantiate(Everything, plain)).toThrow(TypeError);
          return;
        }
        expect(instantiate(Everything, plain)).toEqual(expected);
        expect(instantiate(Everything, plain)).toBeInstanceOf(Everything);
      }),
      { numRuns: 1_000 },
    );
    same({ count: '7', list: [{ text: 'a', inner: { text: 'b' } }, null, 5, 'x', [{ text: 'c' }]] });
  });

  it("leaves what is decorated otherwise to class-transformer's own", () => {
    class Trimmed {
      @Transform(({ value }) => String(value).trim()) @IsString() name: string;
    }
    expect(validateDto(Trimmed, { name: ' a ' }).name).toBe('a');
  });

  it.each<[what: string, body: unknown, message: string]>([
    ['a constructor', { count: 1, constructor: {} }, 'constructor: is not known'],
    ['a prototype', JSON.parse('{"count":1,"__proto__":{"flag":true}}'), '__proto__: is not known'],
    [
      'a prototype inside',
      { count: 1, anything: JSON.parse('{"a":[{"__proto__":1}]}') },
      'anything: may have no __proto__',
    ],
    ['a method of every object', { count: 1, toString: 1 }, 'toString: is not known'],
    [
      'far too many items',
      { count: 1, anything: 1, list: Array(10_001).fill({ text: 'a' }) },
      'list: has more than 10000 items',
    ],
  ])('refuses %s', (_, plain, message) => {
    expect(() => validateDto(Everything, plain)).toThrow(message);
  });

  it('is linear: a hundred thousand fields hold nobody up', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`f${i}`, i]));
    const began = performance.now();
    expect(() => validateDto(Everything, many)).toThrow('f19: is not known');
    expect(validateDto(Everything, { count: 1, anything: many }).anything).toBe(many);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
