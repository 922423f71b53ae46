import type { PortValue } from '@millrace/contracts';
import { artifactsIn } from '../cache/artifacts-in.js';

const maxLength = 1_000;

/** Values for the record: what is long is shortened, what refers to artifacts is not. */
export const brief = <T extends PortValue>(values: { readonly [name: string]: T }): { [name: string]: T } =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const text = JSON.stringify(value);
      const long = text.length > maxLength && artifactsIn(value).length === 0;
      return [name, (long ? { truncated: text.slice(0, maxLength) } : value) as T];
    }),
  );
