/** Reads server-sent events as a browser does. */
export class Events {
  readonly seen: { id?: string; event: string; data: Record<string, unknown> }[] = [];
  readonly ended: Promise<void>;
  comments = 0;

  constructor(readonly response: Response) {
    this.ended = this.read();
  }

  names(): string[] {
    return this.seen.map(({ event, data }) => `${event} ${String(data.status ?? data.fraction)}`);
  }

  private async read(): Promise<void> {
    let text = '';
    for await (const chunk of (this.response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      blocks.forEach((block) => this.take(block));
    }
  }

  private take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    if (block.startsWith(':')) this.comments += 1;
    const event = field('event');
    if (event)
      this.seen.push({
        id: field('id'),
        event,
        data: JSON.parse(field('data') ?? '{}') as Record<string, unknown>,
      });
  }
}
