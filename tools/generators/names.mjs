const parts = (name) => name.split('-').filter(Boolean);
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** A name as it is written in files, classes and variables. */
export const namesOf = (name) => {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name ?? ''))
    throw new Error(
      `'${name}' is not a name: lower-case letters, digits and hyphens, beginning with a letter`,
    );
  const className = parts(name).map(capital).join('');
  return { name, className, propertyName: className[0].toLowerCase() + className.slice(1) };
};
