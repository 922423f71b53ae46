import { open } from 'node:fs/promises';
import { DomainError, InvalidRequest } from '@millrace/contracts';

const refusal = (file: string, message: string, cause?: unknown): DomainError =>
  new DomainError('invalid_request', `${file}: ${message}`, { cause });

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'is a directory',
  EACCES: 'may not be read',
};

/** A text file of the caller's, no larger than it may be. */
export const readText = async (file: string, maxBytes: number): Promise<string> => {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > maxBytes) throw refusal(file, `${size} bytes are more than the ${maxBytes} that it may have`);
    return await handle.readFile('utf8');
  } catch (thrown) {
    if (thrown instanceof DomainError) throw thrown;
    const { code, message } = thrown as NodeJS.ErrnoException;
    throw refusal(file, reasons[code ?? ''] ?? message, thrown);
  }
};

/** All of standard input, no more than it may be. */
export const readStdin = async (maxBytes: number, stdin: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    if (size > maxBytes)
      throw refusal('standard input', `has more than the ${maxBytes} bytes that it may have`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** @throws InvalidRequest saying where the JSON breaks off */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidRequest([{ field: 'json', message: (cause as Error).message }]);
  }
};
