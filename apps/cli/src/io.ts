/** What a command reads and writes. */
export interface Io {
  stdin: AsyncIterable<Buffer>;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WritableStream;
}
