import type { ComponentDescriptor } from '@millrace/contracts';
import { compareVersions } from './compare-versions.js';

/** Seen within this is alive. */
export const aliveMs = 30_000;

/** A component in one version, and when it was last seen, on a monotonic clock. Before any memory: −Infinity. */
export interface Sighting {
  descriptor: ComponentDescriptor;
  seenAt: number;
}

/** Which components there are, and which of them are alive. */
export class Sightings {
  readonly #components = new Map<string, Map<string, Sighting>>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns whether this version was not known, or was known to be something else */
  add(descriptor: ComponentDescriptor, seenAt = this.now()): boolean {
    const versions = this.#components.get(descriptor.name) ?? new Map<string, Sighting>();
    this.#components.set(descriptor.name, versions);
    const known = versions.get(descriptor.version);
    const same = known !== undefined && JSON.stringify(known.descriptor) === JSON.stringify(descriptor);
    // The object that is known stays, for what was derived from it is kept by it.
    versions.set(descriptor.version, {
      descriptor: same ? known.descriptor : descriptor,
      seenAt: Math.max(seenAt, known?.seenAt ?? -Infinity),
    });
    return !same;
  }

  /** The newest version that is alive; of what is not alive, the newest. */
  find(name: string): ComponentDescriptor | undefined {
    return this.#newest(name)?.descriptor;
  }

  version(name: string, version: string): ComponentDescriptor | undefined {
    return this.#components.get(name)?.get(version)?.descriptor;
  }

  isAlive({ seenAt }: Sighting): boolean {
    return this.now() - seenAt < aliveMs;
  }

  alive(): Sighting[] {
    return [...this.#components.values()].flatMap((versions) =>
      [...versions.values()].filter((sighting) => this.isAlive(sighting)),
    );
  }

  /** One entry per component, by name. */
  list(): (ComponentDescriptor & { alive: boolean })[] {
    return [...this.#components.keys()].sort().flatMap((name) => {
      const newest = this.#newest(name);
      return newest ? [{ ...newest.descriptor, alive: this.isAlive(newest) }] : [];
    });
  }

  #newest(name: string): Sighting | undefined {
    const versions = [...(this.#components.get(name)?.values() ?? [])];
    return versions.sort(
      (a, b) =>
        Number(this.isAlive(b)) - Number(this.isAlive(a)) ||
        compareVersions(b.descriptor.version, a.descriptor.version),
    )[0];
  }
}
