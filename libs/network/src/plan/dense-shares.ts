/** Validators of one process: `--dense first..first+count-1`. */
export interface DenseShare {
  readonly first: number;
  readonly count: number;
}

/** A process a core, as even as can be, each with at least one validator. */
export function denseShares(validators: number, cores: number): readonly DenseShare[] {
  const processes = Math.max(1, Math.min(cores, validators));
  return Array.from({ length: processes }, (_, i) => {
    const first = Math.floor((i * validators) / processes);
    return { first, count: Math.floor(((i + 1) * validators) / processes) - first };
  });
}
