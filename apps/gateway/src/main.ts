import { runService } from '@millrace/service';
import { gatewayService } from './service.js';

await runService(gatewayService);
