/** The part of yazl in use; the package brings no types. */
declare module 'yazl' {
  export class ZipFile {
    addBuffer(
      content: Uint8Array,
      path: string,
      options?: { mtime: Date; forceDosTimestamp: boolean; mode: number; compressionLevel: number },
    ): void;
    end(): void;
    readonly outputStream: NodeJS.ReadableStream;
  }
}
