// What both workers do with mocha.

/** A pattern of exactly these titles; a marker that none holds keeps an empty list from matching all. */
export function patternOf(titles) {
  if (titles === undefined) return /.*/;
  const escaped = titles.map(title => title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^(?:${escaped.join("|") || "\u0000"})$`);
}

/** Gives every test and hook below a suite the same limit; 0 for none. */
export function limitTests(suite, limitMs) {
  const hooks = ["_beforeAll", "_beforeEach", "_afterAll", "_afterEach"].flatMap(name => suite[name]);
  for (const runnable of [...suite.tests, ...hooks]) {
    // mocha starts the timer of what has run before anew, and it would go off in a later run.
    runnable.clearTimeout();
    runnable.timer = undefined;
    runnable.timeout(limitMs);
  }
  for (const child of suite.suites) limitTests(child, limitMs);
}

export const placeOf = test => ({ title: test.fullTitle(), file: test.file ?? test.parent?.file });

/** What is told of a test that failed. */
export const failureOf = (test, error) => ({
  ...placeOf(test),
  // The second is a test of an earlier run that ends late.
  isTimeout: ["ERR_MOCHA_TIMEOUT", "ERR_MOCHA_MULTIPLE_DONE"].includes(error?.code),
  message: String(error?.message).slice(0, 300),
});
