import { ComponentModule } from '@millrace/component';
import { PersistenceModule } from '@millrace/persistence';
import { ArtifactsModule } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import type { DeploymentEnv } from './config/deployment.env.js';
import { DeployComponent } from './deploy/deploy.component.js';
import { DeployModule } from './deploy/deploy.module.js';
import { Deployment } from './deploy/deployment.entity.js';
import { Endpoint } from './endpoints/endpoint.entity.js';
import { EndpointsModule } from './endpoints/endpoints.module.js';
import { LoadingModule } from './loading/loading.module.js';
import { Deployment1764000000000 } from './migrations/deployment-1764000000000.js';
import { Unloaded1764100000000 } from './migrations/unloaded-1764100000000.js';
import { Rollouts1764200000000 } from './migrations/rollouts-1764200000000.js';
import { Replica } from './replicas/replica.entity.js';
import { ReplicasModule } from './replicas/replicas.module.js';
import { RolloutRecord } from './rollouts/rollout-record.entity.js';
import { RolloutsModule } from './rollouts/rollouts.module.js';

@Module({})
export class AppModule {
  static forRoot(env: DeploymentEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ArtifactsModule.forRoot(env.ARTIFACTS_URL),
        PersistenceModule.forRoot({
          service: 'deployment',
          databaseUrl: env.DATABASE_URL,
          dataDir: env.DATA_DIR,
          entities: [Endpoint, Deployment, Replica, RolloutRecord],
          migrations: [Deployment1764000000000, Unloaded1764100000000, Rollouts1764200000000],
        }),
        EndpointsModule,
        ReplicasModule,
        RolloutsModule,
        DeployModule,
        LoadingModule,
        ComponentModule.forFeature([DeployComponent], { imports: [DeployModule] }),
      ],
    };
  }
}
