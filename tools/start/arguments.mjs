import { parseArgs } from 'node:util';

export const usage = `npm start -- [options]

  --once               do everything, stop everything, and end with exit code 0 if all went well
  --standalone         all services in one process
  --pipeline <file>    another pipeline than examples/flights/pipeline.yaml
  --param <name=value> a parameter of the pipeline; may be repeated
  --no-example         only start, run nothing
  --port <number>      where the gateway listens; unless said 8080 if it is free, else any
  --state <dir>        where databases, artifacts and logs are kept; .millrace (also --state-dir, as in npx millrace)
  --no-color           plain text`;

/** A value as JSON where it is JSON (numbers, booleans, …), else as text. */
const valueOf = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const parameterOf = (text) => {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`--param ${text}: expected name=value`);
  return [text.slice(0, at), valueOf(text.slice(at + 1))];
};

const parse = (config) => {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Error(`${error.message}\nWhat there is: npm start -- --help`, { cause: error });
  }
};

/** @throws with a message for people */
export const readArguments = (argv) => {
  const { values } = parse({
    args: argv,
    options: {
      once: { type: 'boolean', default: false },
      standalone: { type: 'boolean', default: false },
      pipeline: { type: 'string', default: 'examples/flights/pipeline.yaml' },
      param: { type: 'string', multiple: true, default: [] },
      'no-example': { type: 'boolean', default: false },
      port: { type: 'string' },
      state: { type: 'string' },
      'state-dir': { type: 'string' },
      'no-color': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new Error(`--port ${values.port}: expected a number from 1 to 65535`);
  return {
    once: values.once,
    standalone: values.standalone,
    pipeline: values.pipeline,
    params: Object.fromEntries(values.param.map(parameterOf)),
    example: !values['no-example'],
    port,
    stateDir: values.state ?? values['state-dir'],
    colour: !values['no-color'],
    help: values.help,
  };
};
