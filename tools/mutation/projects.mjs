// What is mutated: modules whose rules decide about money, votes and time.

/** `folder`: of the compiled code, below the lib's dist. `tests`: a pattern of the tests that have to notice. */
export const projects = {
  consensus: { lib: "consensus", folder: "", tests: /\.test\.js$/ },
  "state-transition": { lib: "state-transition", folder: "", tests: /\.test\.js$/ },
  "tx-pool/admission": { lib: "tx-pool", folder: "admission/", tests: /\.test\.js$/ },
  validator: { lib: "validator", folder: "", tests: /\.test\.js$/ },
};

/** Declarations of settings, error texts and entry points hold no rule. */
export const holdsNoRule = /(?:^|\/)(?:index|settings|[\w-]+-error|[\w-]+-metrics)\.js$/;
