import { runService } from '@millrace/service';
import { monitoringService } from './service.js';

await runService(monitoringService);
