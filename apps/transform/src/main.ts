import { runService } from '@millrace/service';
import { transformService } from './service.js';

await runService(transformService);
