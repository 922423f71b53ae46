import { runService } from '@millrace/service';
import { validationService } from './service.js';

await runService(validationService);
