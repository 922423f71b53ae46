import { runService } from '@millrace/service';
import { inferenceService } from './service.js';

await runService(inferenceService);
