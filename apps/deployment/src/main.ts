import { runService } from '@millrace/service';
import { deploymentService } from './service.js';

await runService(deploymentService);
