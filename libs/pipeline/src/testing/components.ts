import { component } from '../component.js';

export const list = component({
  name: 'files.list',
  inputs: {},
  outputs: {
    names: { type: 'value', schema: { type: 'array', items: { type: 'string' } } },
    count: { type: 'value', schema: { type: 'integer' } },
  },
  params: { type: 'object', properties: { password: { type: 'string' } } },
});

export const load = component({
  name: 'files.load',
  inputs: {},
  outputs: { dataset: { type: 'dataset' } },
  params: {
    type: 'object',
    required: ['source'],
    properties: { source: { type: 'string' }, rows: { type: 'integer', default: 10 } },
  },
});

export const fit = component({
  name: 'model.fit',
  inputs: { train: { type: 'dataset' }, test: { type: 'dataset', optional: true } },
  outputs: {
    model: { type: 'model' },
    score: {
      type: 'value',
      schema: { type: 'object', required: ['loss'], properties: { loss: { type: 'number' } } },
    },
  },
  params: {
    type: 'object',
    properties: { estimator: { enum: ['logistic', 'linear'] }, rate: { type: 'number' }, from: {} },
  },
});

export const cut = component({
  name: 'data.cut',
  inputs: { dataset: { type: 'dataset' } },
  outputs: { parts: { type: 'dataset', many: true } },
  params: { type: 'object' },
});

export const merge = component({
  name: 'model.merge',
  inputs: { models: { type: 'model', many: true }, hints: { type: 'value', optional: true } },
  outputs: { model: { type: 'model' } },
  params: { type: 'object' },
});
