import { runService } from '@millrace/service';
import { trainingService } from './service.js';

await runService(trainingService);
