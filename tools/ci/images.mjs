// Names of affected projects (JSON) → JSON of those that have an image: services, and the process of all.
import { listServices } from '../supervisor/services.mjs';

const withImage = new Set([...listServices(), 'standalone']);
console.log(JSON.stringify(JSON.parse(process.argv[2] ?? '[]').filter((project) => withImage.has(project))));
