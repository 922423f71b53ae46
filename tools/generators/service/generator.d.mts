import type { Tree } from '@nx/devkit';

export interface ServiceOptions {
  name: string;
  description?: string;
  database?: boolean;
  skipInstall?: boolean;
}

export default function service(tree: Tree, options: ServiceOptions): Promise<() => void>;
