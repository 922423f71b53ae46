/** Of a node in statistics: no endpoint is called so. */
export const nodeName = (endpoint: string, node: string): string => `${endpoint}/${node}`;
