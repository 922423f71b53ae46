const parts = (version: string): { numbers: number[]; pre: string | undefined } => {
  const [core = '', pre] = version.split('+')[0]?.split(/-(.*)/s) ?? [];
  return { numbers: core.split('.').map(Number), pre };
};

/** SemVer precedence; pre-releases compare as text, which is enough to choose between two that are alive. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre === right.pre) return 0;
  if (left.pre === undefined) return 1;
  return right.pre === undefined || left.pre < right.pre ? -1 : 1;
};
