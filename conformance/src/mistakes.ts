import type { Alter, Altered } from './own/altering-proxy.js';

/** A mistake that a server may make, and the case that has to find it. */
export interface Mistake {
  about: string;
  alter: Alter;
  foundBy: string;
}

const inText =
  (change: (text: string) => string, where = '/infer'): Alter =>
  (answer, path) =>
    path.endsWith(where) && answer.headers['Inference-Header-Content-Length'] === undefined
      ? { ...answer, body: Buffer.from(change(answer.body.toString('utf8'))) }
      : answer;

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

const withLastByte = (answer: Altered, path: string): Altered => {
  if (!path.endsWith('/infer') || answer.headers['Inference-Header-Content-Length'] === undefined)
    return answer;
  const body = Buffer.from(answer.body);
  body[body.length - 1]! ^= 1;
  return { ...answer, body };
};

const withoutHeader = ({ headers, ...answer }: Altered): Altered => {
  const { 'Inference-Header-Content-Length': _, ...rest } = headers;
  return { ...answer, headers: rest };
};

const withStatus =
  (from: number, to: number): Alter =>
  (answer) =>
    answer.status === from ? { ...answer, status: to } : answer;

export const mistakes: readonly Mistake[] = [
  {
    about: 'reads 64-bit integers as doubles',
    alter: inText((text) => JSON.stringify(JSON.parse(text))),
    foundBy: 'INT64: binary in, JSON out',
  },
  {
    about: 'loses the sign of zero',
    alter: inText((text) => text.replaceAll('-0.0', '0')),
    foundBy: 'FP32: binary in, JSON out',
  },
  {
    about: 'alters a bit',
    alter: withLastByte,
    foundBy: 'FP64: binary in, binary out, bit by bit',
  },
  {
    about: 'forgets where the JSON ends',
    alter: withoutHeader,
    foundBy: 'binary in, binary out',
  },
  {
    about: 'loses the id',
    alter: inText((text) => JSON.stringify({ ...json(text), id: undefined })),
    foundBy: 'the id comes back, and parameters that mean nothing are tolerated',
  },
  {
    about: 'answers with all outputs',
    alter: inText((text) => {
      const { outputs, ...rest } = json(text);
      return JSON.stringify({ ...rest, outputs: [...(outputs as unknown[]), ...(outputs as unknown[])] });
    }),
    foundBy: 'only the outputs that are asked for, in that order',
  },
  {
    about: 'says errors with success',
    alter: withStatus(400, 200),
    foundBy: 'refuses an unknown input',
  },
  {
    about: 'says errors in a form of its own',
    alter: inText((text) => text.replace('"error"', '"message"')),
    foundBy: 'refuses another datatype',
  },
  {
    about: 'is ready for what it does not have',
    alter: (answer, path) => (path.endsWith('/ready') ? { ...answer, status: 200 } : answer),
    foundBy: 'a model that is not there is unknown everywhere',
  },
  {
    about: 'has versions that are numbers',
    alter: inText((text) => JSON.stringify({ ...json(text), model_version: 1 })),
    foundBy: 'a version is asked for, and named',
  },
  {
    about: 'counts no requests',
    alter: inText((text) => text.replace(/"success":\{"count":\d+/, '"success":{"count":0'), '/stats'),
    foundBy: 'statistics count requests, rows and refusals',
  },
  {
    about: 'unloads in name only',
    alter: inText((text) => text.replaceAll('UNAVAILABLE', 'READY'), '/index'),
    foundBy: 'a model is unloaded and loaded again',
  },
];
