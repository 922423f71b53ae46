/** How many tasks of a component there are at once. */
export interface RoomLimit {
  most: number;
  /** By name: never more are out, over all replicas. Else about so many wait for a worker. */
  counts: 'out' | 'queued';
  /** Held tasks are handed out as soon as there is room for so many. */
  refill: number;
}

export const maxLimit = 100_000;

const componentName = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;

/** `training.fit=2, evaluation.score=4`, and what is wrong with it. */
export const parseLimits = (text: string): { limits: Map<string, number>; mistakes: string[] } => {
  const limits = new Map<string, number>();
  const mistakes = text.split(',').flatMap((entry) => {
    const [name = '', number = '', ...more] = entry.split('=').map((part) => part.trim());
    const most = /^\d{1,6}$/.test(number) ? Number(number) : NaN;
    if (more.length > 0 || number === '') return [`'${entry.trim()}' is not <component>=<number>`];
    if (!componentName.test(name)) return [`'${name}' is no name of a component, such as training.fit`];
    if (!(most >= 1 && most <= maxLimit)) return [`${name}=${number} is not from 1 to ${maxLimit}`];
    if (limits.has(name)) return [`${name} is given twice`];
    limits.set(name, most);
    return [];
  });
  return { limits, mistakes };
};

/** Limits by name, and for all other components a window that keeps their queues short. */
export class RoomLimits {
  /** @param window 0 = none */
  constructor(
    private readonly named: ReadonlyMap<string, number>,
    private readonly window: number,
  ) {}

  get anyNamed(): boolean {
    return this.named.size > 0;
  }

  of(component: string): RoomLimit {
    const most = this.named.get(component);
    if (most !== undefined) return { most, counts: 'out', refill: 1 };
    if (this.window === 0) return { most: Infinity, counts: 'queued', refill: 1 };
    // In few large portions: the other half keeps workers busy meanwhile.
    return { most: this.window, counts: 'queued', refill: Math.ceil(this.window / 2) };
  }
}
