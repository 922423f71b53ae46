import { once } from 'node:events';
import { styleText } from 'node:util';
import type { CliEnv } from '../config/cli.env.js';

type Style = Parameters<typeof styleText>[0];

/** Where a command says what it found: for people, or with `--json` for programs. */
export class Output {
  /** A terminal that can be redrawn. */
  readonly live: boolean;
  private readonly colour: boolean;

  constructor(
    readonly json: boolean,
    env: CliEnv,
    readonly stream: NodeJS.WriteStream,
  ) {
    this.live = !json && stream.isTTY && !env.ci;
    this.colour = this.live && !env.noColor;
  }

  /** One document, or what people read of it. */
  result(value: unknown, text: () => string): void {
    this.line(this.json ? JSON.stringify(value) : text());
  }

  line(text: string): void {
    this.stream.write(`${text}\n`);
  }

  /** Resolves when whoever reads us keeps up: what is long is not piled up here. */
  async written(): Promise<void> {
    if (this.stream.writableNeedDrain) await once(this.stream, 'drain');
  }

  paint(style: Style, text: string): string {
    return this.colour ? styleText(style, text) : text;
  }
}
