/** How far the preparation of a CRS has come, in points. */
export interface CrsProgress {
  readonly done: number;
  readonly total: number;
}
