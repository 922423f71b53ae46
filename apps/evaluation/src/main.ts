import { runService } from '@millrace/service';
import { evaluationService } from './service.js';

await runService(evaluationService);
