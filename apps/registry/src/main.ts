import { runService } from '@millrace/service';
import { registryService } from './service.js';

await runService(registryService);
