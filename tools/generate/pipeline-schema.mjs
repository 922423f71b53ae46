/** What editors check pipelines with: `# yaml-language-server: $schema=…/docs/pipeline.schema.json`, or the gateway's own copy */
export const pipelineSchemaFile = async () => {
  const { pipelineSchema } = await import('@millrace/contracts');
  return { 'docs/pipeline.schema.json': JSON.stringify(pipelineSchema) };
};
