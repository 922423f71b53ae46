export {
  fieldOf,
  InvalidDefinition,
  maxProblems,
  type Path,
  type Problem,
} from '@millrace/pipeline/definition';
