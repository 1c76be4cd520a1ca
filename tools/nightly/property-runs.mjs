// Loaded before the tests (NODE_OPTIONS=--import=…): PROPERTY_RUNS cases for each property that names no number itself,
// or as many as a minute allows, which is half of a test's time limit.
import fc from "fast-check";

const numRuns = Number(process.env.PROPERTY_RUNS);
if (numRuns > 0) fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns, interruptAfterTimeLimit: 60_000 });
