/** A file to be written, by its path in the output folder. */
export interface RenderedFile {
  readonly path: string;
  readonly text: string;
  /** Only for its owner, and kept if it is there: what others were told must stay as it is. */
  readonly secret?: true;
}
