const silent = () => {};
/** Says nothing. */
export const silentLogger = {
  child: () => silentLogger,
  error: silent,
  warn: silent,
  info: silent,
  verbose: silent,
  debug: silent,
};
