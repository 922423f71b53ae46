import {
  Inject,
  Module,
  type DynamicModule,
  type InjectionToken,
  type OnApplicationShutdown,
} from '@nestjs/common';

const OWNED = Symbol('what the module disposes of');

/** A resource that the whole service shares: opened when it starts, disposed of when it stops. */
@Module({})
export class OwnedModule implements OnApplicationShutdown {
  constructor(@Inject(OWNED) private readonly owned: AsyncDisposable) {}

  static of<T extends AsyncDisposable>(token: InjectionToken<T>, open: () => T | Promise<T>): DynamicModule {
    return {
      module: OwnedModule,
      global: true,
      providers: [
        { provide: token, useFactory: open },
        { provide: OWNED, useExisting: token },
      ],
      exports: [token],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.owned[Symbol.asyncDispose]();
  }
}
