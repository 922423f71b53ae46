import { deploymentService } from '@millrace/deployment';
import { evaluationService } from '@millrace/evaluation';
import { gatewayService } from '@millrace/gateway';
import { inferenceService } from '@millrace/inference';
import { ingestionService } from '@millrace/ingestion';
import { monitoringService } from '@millrace/monitoring';
import { orchestratorService } from '@millrace/orchestrator';
import { registryService } from '@millrace/registry';
import type { ServiceDefinition } from '@millrace/service';
import { trainingService } from '@millrace/training';
import { transformService } from '@millrace/transform';
import { validationService } from '@millrace/validation';

/** All of Millrace; the gateway last, so that what it asks is there. */
export const services: readonly ServiceDefinition[] = [
  orchestratorService,
  ingestionService,
  validationService,
  transformService,
  trainingService,
  evaluationService,
  registryService,
  deploymentService,
  inferenceService,
  monitoringService,
  gatewayService,
];
