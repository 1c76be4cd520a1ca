declare const brand: unique symbol;

/** `Base` that only its own constructor makes, so that units do not mix. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
