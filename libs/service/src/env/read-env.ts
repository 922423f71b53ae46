import { validateSync, type ValidationError } from 'class-validator';
import { EnvError } from './env-error.js';
import { settingsOf, type Setting } from './setting.js';

export type EnvRecord = Record<string, string | undefined>;

const booleans: Record<string, boolean> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  false: false,
  '0': false,
  no: false,
  off: false,
};

/** What cannot be converted stays text, for the validators to name it. */
const convert = (text: string, { type }: Setting): unknown => {
  if (type === 'boolean') return booleans[text.toLowerCase()] ?? text;
  if (type === 'string' || !/^[+-]?\d+(\.\d+)?$/.test(text)) return text;
  return Number(text);
};

/**
 * A checked, read-only instance of an EnvDto from environment variables. Only the variables that it declares are read;
 * an empty one counts as absent.
 * @throws EnvError that names every mistake
 */
export const readEnv = <E extends object>(Env: new () => E, record: EnvRecord): E => {
  const env = new Env();
  const settings = settingsOf(Env);
  for (const setting of settings) {
    const text = record[setting.name]?.trim();
    if (text) Object.assign(env, { [setting.name]: convert(text, setting) });
  }
  const errors = validateSync(env);
  if (errors.length > 0) {
    const place = (error: ValidationError) => settings.findIndex(({ name }) => name === error.property);
    throw new EnvError(errors.toSorted((a, b) => place(a) - place(b)).map(mistakeOf));
  }
  return Object.freeze(env);
};

/** Their values are nobody's business. */
const secret = /URL|PASSWORD|SECRET|TOKEN|KEY|CREDENTIAL/;

const mistakeOf = ({ property, value, constraints }: ValidationError) => {
  // That it is no number says more than that it is not below a maximum.
  const { isInt, isNumber, isBoolean, ...others } = constraints ?? {};
  const said = isInt ?? isNumber ?? isBoolean ?? Object.values(others)[0] ?? `${property} is not valid`;
  const given =
    value === undefined
      ? ' (is not set)'
      : secret.test(property)
        ? ''
        : ` (is '${String(value).slice(0, 100)}')`;
  return { name: property, message: said + given };
};
