import type { Tree } from '@nx/devkit';

export interface ComponentOptions {
  name: string;
  service: string;
  description?: string;
}

export default function component(tree: Tree, options: ComponentOptions): Promise<void>;
