import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { EndpointPorts } from './endpoint-ports.js';
import { GraphPreparer } from './graph-preparer.js';

@Module({ imports: [EndpointsModule], providers: [EndpointPorts, GraphPreparer], exports: [GraphPreparer] })
export class GraphsModule {}
