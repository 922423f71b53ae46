import { defineOperation, DomainError, Empty, NotFound } from '@millrace/contracts';
import { currentTraceparent } from '@millrace/observability';
import { Controller, Injectable, Module } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, MaxLength, Min, ValidateNested } from 'class-validator';
import { Handle, HandleRaw, type RawResult } from './handle.js';
import { RequestContext } from './request-context.js';

class Target {
  @IsString() @MaxLength(10) model: string;
}
export class Ask {
  @IsString() @MaxLength(20) name: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) limit?: number;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => Target) targets?: Target[];
}
export class Answer {
  @IsString() text: string;
}
const operation = <Q extends object, R extends object>(
  name: string,
  request: new () => Q,
  response: new () => R,
) => defineOperation({ service: 'greeter', name, summary: name, request, response, timeoutMs: 3_000 });
export const hello = operation('hello.say', Ask, Answer);
export const nothing = operation('nothing.do', Empty, Empty);
export const fail = operation('failure.raise', Ask, Empty);
export const trace = operation('trace.get', Empty, Answer);
export const slow = operation('slow.wait', Empty, Answer);
export const big = operation('big.get', Empty, Answer);
export const everyone = defineOperation({ ...operation('everyone.say', Ask, Answer), everyReplica: true });
export const unheard = operation('nobody.home', Empty, Empty);

@Injectable()
export class Greeting {
  readonly held: (() => void)[] = [];
  aborted = 0;
  /** Does not answer `everyone` before it is released. */
  quiet = false;

  text(name: string): string {
    return `hello ${name}`;
  }

  /** Lets all that wait in `slow` go on. */
  release(): void {
    for (const go of this.held.splice(0)) go();
  }
}

@Controller()
export class GreeterController {
  constructor(private readonly greeting: Greeting) {}

  @Handle(hello) say(ask: Ask): Answer {
    if (!(ask instanceof Ask)) throw new Error('not an instance');
    return { text: this.greeting.text(ask.name) };
  }

  @Handle(everyone) async everyone({ name }: Ask): Promise<Answer> {
    if (name === 'nobody') throw new NotFound('model', name);
    if (this.greeting.quiet) await new Promise<void>((resolve) => this.greeting.held.push(resolve));
    return { text: this.greeting.text(name) };
  }

  @Handle(nothing) nothing(): Empty {
    return {};
  }

  @Handle(fail) fail(ask: Ask): Promise<Empty> {
    if (ask.name === 'plain') throw new Error('boom');
    return Promise.reject(new NotFound('model', ask.name));
  }

  @Handle(trace) trace(_: Empty, context: RequestContext): Answer {
    return { text: JSON.stringify([currentTraceparent(), context.expiresAt! - performance.now()]) };
  }

  @Handle(slow) async slow(_: Empty, context: RequestContext): Promise<Answer> {
    context.signal.addEventListener('abort', () => this.greeting.aborted++);
    await new Promise<void>((resolve) => this.greeting.held.push(resolve));
    return { text: 'done' };
  }

  @Handle(big) big(): Answer {
    return { text: 'x'.repeat(2_000_000) };
  }

  @HandleRaw((s) => `${s.prefix}.raw.upper`)
  upper(data: Uint8Array, context: RequestContext): RawResult {
    if (data.length === 0) throw new DomainError('unsupported', 'nothing');
    return {
      data: Buffer.from(Buffer.from(data).toString().toUpperCase()),
      headers: { 'X-Was': context.get('X-Is') ?? 'none' },
    };
  }
}

@Module({ controllers: [GreeterController], providers: [Greeting] })
export class GreeterModule {}
