// Figures that a page copies from a snapshot: docs/proving.md, the gates of circuits and the gas of a proven range.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const PAGE = "docs/proving.md";
const GATES = "libs/circuits/src/gates.ts";
const GAS = "contracts/snapshots/gas.json";
const PROVEN = "processProvenBlock, 32 blocks, with a real proof";

const written = number => number.toLocaleString("en-US");

/** @returns the page, and what it copies: gates by circuit, gas by what is measured */
export function readFigures() {
  const read = path => readFileSync(join(root, path), "utf8");
  const gates = Object.fromEntries(
    [...read(GATES).matchAll(/^ {2}"?([\w-]+)"?: (\d+),$/gm)].map(([, circuit, count]) => [circuit, Number(count)]),
  );
  return { page: read(PAGE), gates, gas: JSON.parse(read(GAS)) };
}

/** @returns one line for each figure that is not the snapshot's */
export function checkFigures({ page, gates, gas }) {
  const rows = [...page.matchAll(/^\| ([\w-]+)[^|]* \| ([\d,]+) \|/gm)];
  const listed = rows.map(([, circuit]) => circuit);
  const problems = Object.keys(gates)
    .filter(circuit => !listed.includes(circuit))
    .map(circuit => `${PAGE}: the table lacks ${circuit}; npm run bench:proofs measures it`);
  for (const [, circuit, shown] of rows)
    if (gates[circuit] === undefined) problems.push(`${PAGE}: ${circuit} is no circuit of ${GATES}`);
    else if (shown !== written(gates[circuit]))
      problems.push(`${PAGE}: ${circuit} has ${written(gates[circuit])} gates in ${GATES}, not ${shown}`);
  if (!page.includes(`${written(gas[PROVEN])} gas`))
    problems.push(`${PAGE}: "${PROVEN}" costs ${written(gas[PROVEN])} gas in ${GAS}; write that figure`);
  return problems;
}
