import { Module, type DynamicModule } from '@nestjs/common';
import { ARTIFACT_STORE, openArtifactStore } from '@millrace/artifacts';

/** The service's `ArtifactStore`, injected by `@Inject(ARTIFACT_STORE)`. */
@Module({})
export class ArtifactsModule {
  static forRoot(url: string): DynamicModule {
    const store = { provide: ARTIFACT_STORE, useFactory: () => openArtifactStore(url) };
    return { module: ArtifactsModule, global: true, providers: [store], exports: [store] };
  }
}
