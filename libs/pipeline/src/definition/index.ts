export { parseYaml, type Source } from './parse-yaml.js';
export { fieldOf, InvalidDefinition, maxProblems, type Path, type Problem } from './problem.js';
