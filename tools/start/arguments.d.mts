export function readArguments(argv: string[]): {
  once: boolean;
  standalone: boolean;
  pipeline: string;
  params: Record<string, unknown>;
  example: boolean;
  port: number | undefined;
  stateDir: string | undefined;
  colour: boolean;
  help: boolean;
};
