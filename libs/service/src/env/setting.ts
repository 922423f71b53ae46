import { getMetadataStorage } from 'class-validator';

export type SettingType = 'string' | 'integer' | 'number' | 'boolean';

/** One field of an EnvDto, as its validators describe it. */
export interface Setting {
  name: string;
  type: SettingType;
  required: boolean;
  default?: unknown;
  /** The values that are allowed, where they are listed. */
  oneOf?: readonly unknown[];
}

const typeOf = (validators: readonly string[]): SettingType => {
  if (validators.includes('isInt')) return 'integer';
  if (validators.includes('isNumber')) return 'number';
  if (validators.includes('isBoolean')) return 'boolean';
  return 'string';
};

/** The settings of an EnvDto, in the order of declaration, base classes first. */
export const settingsOf = (Env: new () => object): Setting[] => {
  const storage = getMetadataStorage();
  const byName = storage.groupByPropertyName(storage.getTargetValidationMetadatas(Env, '', false, false));
  const defaults = new Env() as Record<string, unknown>;
  const order = chainOf(Env);
  return Object.entries(byName)
    .map(([name, metadata]) => {
      const validators = metadata.map((one) => one.name ?? one.type);
      const oneOf = metadata.find((one) => one.name === 'isIn')?.constraints?.[0] as
        readonly unknown[] | undefined;
      const setting: Setting = {
        name,
        type: typeOf(validators),
        required:
          defaults[name] === undefined && !metadata.some((one) => one.type === 'conditionalValidation'),
        ...(defaults[name] === undefined ? {} : { default: defaults[name] }),
        ...(oneOf ? { oneOf } : {}),
      };
      return { setting, depth: Math.max(...metadata.map((one) => order.indexOf(one.target as never))) };
    })
    .sort((a, b) => b.depth - a.depth)
    .map(({ setting }) => setting);
};

/** The class, its base class, and so on. */
const chainOf = (Env: new () => object): unknown[] => {
  const chain: unknown[] = [];
  for (
    let one: unknown = Env;
    typeof one === 'function' && one !== Function.prototype;
    one = Object.getPrototypeOf(one)
  ) {
    chain.push(one);
  }
  return chain;
};
