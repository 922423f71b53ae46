import { InvalidDefinition, type Path, type Problem } from '../definition/problem.js';

/** Every mistake in an inference graph, each with its field, and its line where it came as text. */
export class InvalidGraph extends InvalidDefinition {
  constructor(problems: readonly Problem[], lineOf: (path: Path) => number | undefined = () => undefined) {
    super(
      problems.map((problem) => {
        const line = problem.line ?? lineOf(problem.path);
        return line === undefined ? problem : { ...problem, line };
      }),
    );
  }
}
