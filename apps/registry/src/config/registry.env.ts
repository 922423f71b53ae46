import { DatabaseAndArtifactsEnv } from '@millrace/service';

export class RegistryEnv extends DatabaseAndArtifactsEnv {}
