import { runService } from '@millrace/service';
import { orchestratorService } from './service.js';

await runService(orchestratorService);
