export { CelError } from './cel-error.js';
export type { Cel, CelName } from './cel.js';
export { compileCel, maxLength } from './compile-cel.js';
export { maxWork, type Work } from './meter.js';
