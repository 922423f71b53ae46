import { defineOperation, operations } from '@millrace/contracts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { IsInt, IsOptional, IsString, Max, MaxLength } from 'class-validator';
import { boundOperations } from '../rest/rest.controller.js';
import { openApiDocument } from './openapi-document.js';

class SetColour {
  @IsString() @MaxLength(20) thing: string;
  @IsString() colour: string;
  @IsOptional() @IsInt() @Max(9) depth?: number;
  @IsString() idempotencyKey: string;
}
class Coloured {
  @IsString() colour: string;
}
const colour = { service: 'painter', summary: 'Paint it', request: SetColour, response: Coloured };
const colourSet = defineOperation({
  ...colour,
  name: 'colour.set',
  http: { method: 'PUT', path: '/v1/things/:thing/colour', status: 201 },
});
const colourFind = defineOperation({
  ...colour,
  name: 'colour.find',
  http: { method: 'GET', path: '/v1/colours' },
});

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator({ strict: false });
    const { valid, errors } = await validator.validate(
      JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as Record<string, unknown>,
    );
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('has every operation that is bound to HTTP, and none twice', () => {
    const { paths } = openApiDocument('1.2.3');
    const ids = Object.values(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining(boundOperations(operations).map(({ service, name }) => `${service}.${name}`)),
    );
  });

  it('has the version that an alias points at, next to the alias that is set', () => {
    const path = openApiDocument('1.2.3').paths['/v1/models/{name}/aliases/{alias}'];
    expect(path?.get).toMatchObject({
      operationId: 'registry.alias.get',
      parameters: [{ name: 'name' }, { name: 'alias', in: 'path', schema: { maxLength: 64 } }],
      responses: {
        '200': {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/ModelVersionView' } } },
        },
      },
    });
    expect(path?.put?.operationId).toBe('registry.alias.set');
  });

  it('resolves every reference', () => {
    const document = openApiDocument('1.2.3');
    const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name as string,
    );
    expect(refs.length).toBeGreaterThan(20);
    for (const name of refs) expect(document.components.schemas).toHaveProperty(name);
  });

  it('takes path, query, header and body from the DTO', () => {
    const { paths } = openApiDocument('1.2.3', [colourSet, colourFind]);
    expect(paths['/v1/things/{thing}/colour']?.put).toMatchObject({
      operationId: 'painter.colour.set',
      parameters: [
        { name: 'thing', in: 'path', required: true, schema: { type: 'string', maxLength: 20 } },
        { name: 'Idempotency-Key', in: 'header', required: false },
      ],
      requestBody: { content: { 'application/json': { schema: { required: ['colour'] } } } },
      responses: {
        '201': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Coloured' } } } },
      },
    });
    expect(
      paths['/v1/things/{thing}/colour']?.put?.requestBody?.content['application/json']?.schema.properties,
    ).toEqual({
      colour: { type: 'string' },
      depth: { type: 'integer', maximum: 9 },
      idempotencyKey: { type: 'string' },
    });
    expect(paths['/v1/colours']?.get).not.toHaveProperty('requestBody');
    expect(paths['/v1/colours']?.get?.parameters?.map(({ name, in: where }) => [name, where])).toEqual([
      ['thing', 'query'],
      ['colour', 'query'],
      ['depth', 'query'],
      ['idempotencyKey', 'query'],
      ['Idempotency-Key', 'header'],
    ]);
  });
});
