/** Something that is asked of a server; it throws where the answer is not what the protocol says. */
export interface Case {
  name: string;
  run(): Promise<void>;
}

/** Thrown by a case that a server gives no occasion for, such as one without the model that it needs. */
export class Skipped extends Error {}

/** One way to reach a server: what can be asked on it. */
export interface Road {
  /** @throws when nobody is there: then there is nothing to ask */
  reach(url: string): Promise<void>;
  /** @param url as given on the command line */
  cases(url: string): readonly Case[];
}
