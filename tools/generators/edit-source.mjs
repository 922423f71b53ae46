import ts from 'typescript';

const parse = (source) => ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);

const find = (node, wanted) => {
  if (wanted(node)) return node;
  let found;
  ts.forEachChild(node, (child) => {
    found ??= find(child, wanted);
  });
  return found;
};

const insert = (source, at, text) => source.slice(0, at) + text + source.slice(at);

/** Adds `import { name } from 'from'` after the last import. */
export const addImport = (source, name, from) => {
  const last = parse(source).statements.filter(ts.isImportDeclaration).at(-1);
  return insert(
    source,
    last ? last.end : 0,
    `${last ? '\n' : ''}import { ${name} } from '${from}';${last ? '' : '\n'}`,
  );
};

const append = (source, array, element) => {
  const last = array.elements.at(-1);
  return last ? insert(source, last.end, `, ${element}`) : insert(source, array.elements.pos, element);
};

/** Appends to the array that is the value of a variable or a property, or a call's first argument, of that name. */
export const addToArray = (source, name, element) => {
  const array = find(parse(source), (node) => {
    if (!ts.isArrayLiteralExpression(node)) return false;
    const { parent } = node;
    if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent))
      return parent.name.getText() === name;
    return (
      ts.isCallExpression(parent) && parent.arguments[0] === node && parent.expression.getText() === name
    );
  });
  if (!array) return undefined;
  return append(source, array, element);
};
