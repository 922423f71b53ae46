import assert from 'node:assert/strict';
import type { ModelMetadata } from '@millrace/contracts';
import { Skipped } from '../suite/case.js';
import type { HttpServer } from './http-server.js';

/** @throws Skipped when the server has no such model */
export const describeModel = async (server: HttpServer, model: string): Promise<ModelMetadata> => {
  const { status, text } = await server.get(`/v2/models/${model}`);
  if (status === 404) throw new Skipped(`the server has no model ${model}`);
  assert.equal(status, 200, text.slice(0, 200));
  return JSON.parse(text) as ModelMetadata;
};

/** @throws Skipped when the server does not say that it has the extension */
export const requireExtension = async (server: HttpServer, name: string): Promise<void> => {
  const { text } = await server.get('/v2');
  const { extensions = [] } = JSON.parse(text) as { extensions?: string[] };
  // Triton writes the name of a variant in brackets behind it.
  if (!extensions.some((extension) => extension.split('(')[0] === name))
    throw new Skipped(`the server has no extension ${name}`);
};
