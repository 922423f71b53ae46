// Where the time of a CPU profile went, by place: node bench/inference/profile.mjs <file.cpuprofile> [lines]
// The profile is of the whole life of a process; what it did before it was busy is left out as far as it is idle.
import { readFileSync } from 'node:fs';

const [, , file, lines = '40'] = process.argv;
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'));
const byId = new Map(nodes.map((node) => [node.id, node]));
const self = new Map();
samples.forEach((id, i) => self.set(id, (self.get(id) ?? 0) + Math.max(0, timeDeltas[i + 1] ?? 0)));

const placeOf = ({ callFrame: { functionName, url, lineNumber } }) => {
  const name = functionName || '(anonymous)';
  if (!url) return name;
  const short = url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/(?=(apps|libs)\/|node_modules\/(?!.*node_modules))/, '');
  return `${name} ${short}:${lineNumber + 1}`;
};
const groupOf = (place) => {
  if (/^\(/.test(place) && !place.includes(' ')) return place;
  const [, where = place] = / (.+):\d+$/.exec(place) ?? [];
  return (
    /^((?:apps|libs)\/[^/]+\/(?:src|dist)\/[^/]+|node_modules\/(?:@[^/]+\/)?[^/]+|node:[a-z_]+)/.exec(
      where,
    )?.[1] ?? 'native'
  );
};

const sum = (by) => {
  const totals = new Map();
  for (const [id, micros] of self) {
    const key = by(placeOf(byId.get(id)));
    totals.set(key, (totals.get(key) ?? 0) + micros);
  }
  return [...totals].filter(([key]) => key !== '(idle)').sort((a, b) => b[1] - a[1]);
};

const busy = sum((place) => place).reduce((total, [, micros]) => total + micros, 0);
const print = (title, totals) => {
  console.log(`\n${title} (${(busy / 1e6).toFixed(1)} s busy)`);
  for (const [key, micros] of totals.slice(0, Number(lines)))
    console.log(`${((100 * micros) / busy).toFixed(1).padStart(5)} %  ${key}`);
};
print(
  'by place',
  sum((place) => place),
);
print('by group', sum(groupOf));
