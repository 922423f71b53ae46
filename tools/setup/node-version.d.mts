export function nodeIsSupported(version: string): boolean;
