import { runService } from '@millrace/service';
import { ingestionService } from './service.js';

await runService(ingestionService);
