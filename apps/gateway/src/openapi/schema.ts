/** The part of OpenAPI 3.1 that we write. https://spec.openapis.org/oas/v3.1.1 */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  [keyword: string]: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
}

export interface Content {
  [mediaType: string]: { schema: Schema; example?: unknown };
}

export interface OpenApiResponse {
  description: string;
  content?: Content;
}

export interface PathOperation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, OpenApiResponse>;
}

export type Paths = Record<string, Record<string, PathOperation>>;

export interface OpenApiDocument {
  openapi: string;
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Paths;
  components: { schemas: Record<string, Schema> };
}

export const refTo = (schema: string): Schema => ({ $ref: `#/components/schemas/${schema}` });
