/** A file of a web page. */
export interface PageFile {
  readonly bytes: Uint8Array;
  /** Media type, with its charset if it is text. */
  readonly type: string;
  /** Its name changes with its content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** The files of a web page, by path: `/` for the page itself. */
export interface PageSource {
  file(path: string): PageFile | undefined;
}
