import { Matches } from 'class-validator';

/** A text of one or more of these values, with commas between them. */
export const OneOrMore = (values: readonly string[]): PropertyDecorator => {
  const one = `(${values.join('|')})`;
  return Matches(new RegExp(`^${one}(,${one})*$`), {
    message: `must be one or more of ${values.join(', ')}, with commas between them`,
  });
};
