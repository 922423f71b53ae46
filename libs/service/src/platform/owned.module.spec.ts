import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { OwnedModule } from './owned.module.js';

class Engine implements AsyncDisposable {
  disposed = 0;
  [Symbol.asyncDispose]() {
    this.disposed++;
    return Promise.resolve();
  }
}
class Other extends Engine {}

@Injectable()
class Reader {
  constructor(
    readonly engine: Engine,
    readonly other: Other,
  ) {}
}
@Module({ providers: [Reader] })
class Feature {}

it('gives every module the same resource and disposes of each once, when the application closes', async () => {
  @Module({
    imports: [
      OwnedModule.of(Engine, () => new Engine()),
      OwnedModule.of(Other, async () => new Other()),
      Feature,
    ],
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  const { engine, other } = app.get(Reader, { strict: false });
  expect(engine).not.toBe(other);
  expect([engine.disposed, other.disposed]).toEqual([0, 0]);
  await app.close();
  expect([engine.disposed, other.disposed]).toEqual([1, 1]);
});
