import type { Logger } from "@sprtn/ports";
import { jsFieldHasher, messageOf } from "@sprtn/primitives";
import type { ClosableFieldHasher } from "./closable-field-hasher.js";
import { HasherError, HasherErrorCode } from "./hasher-error.js";
import { NativeFieldHasher } from "./native-field-hasher.js";
import { SimdFieldHasher } from "./simd/simd-field-hasher.js";
import { WasmFieldHasher } from "./wasm-field-hasher.js";

/**
 * - simd: this package's own WebAssembly, two hashes at a time; the fastest for a core, and the one to use.
 * - wasm: Barretenberg's WebAssembly.
 * - native: Barretenberg in a separate process; fast with two idle cores, slow when it must share one with the
 *   caller.
 * - js: runs anywhere, six to twelve times slower.
 */
export type FieldHasherKind = "simd" | "native" | "wasm" | "js";

/** Which implementation of Poseidon2. */
export interface FieldHasherSettings {
  readonly kind: FieldHasherKind;
  /** Where the native bb is, if not the one that comes with bb.js. */
  readonly bbPath?: string;
}

const js: ClosableFieldHasher = { ...jsFieldHasher, close: () => {} };
const slower = { native: "simd", simd: "wasm", wasm: "js" } as const;

/**
 * The hasher of this kind, or the next one (native, simd, wasm, js) if it cannot be had here, with a warning: a node
 * runs on a machine without a native bb or without vectors,
 * only slower. All give the same hashes.
 */
export async function createFieldHasher(
  dependencies: { readonly logger: Logger; readonly create?: Creators },
  settings: FieldHasherSettings,
): Promise<ClosableFieldHasher> {
  const { logger, create = creators } = dependencies;
  if (settings.kind === "js") return js;
  try {
    return await create[settings.kind](settings);
  } catch (error) {
    const next = slower[settings.kind];
    const unavailable = new HasherError(
      HasherErrorCode.UNAVAILABLE,
      `the ${settings.kind} hasher is not available, using ${next}: reinstall this package and @aztec/bb.js if it ` +
        "should work on this machine",
      { kind: settings.kind, next },
      { cause: error },
    );
    logger.warn(unavailable.message, { code: unavailable.code, cause: messageOf(error) });
    return createFieldHasher(dependencies, { ...settings, kind: next });
  }
}

/** How each kind is made; replaced in tests. */
export type Creators = Readonly<
  Record<"native" | "simd" | "wasm", (settings: FieldHasherSettings) => Promise<ClosableFieldHasher>>
>;

const creators: Creators = {
  native: ({ bbPath }) => NativeFieldHasher.create(bbPath === undefined ? {} : { bbPath }),
  simd: async () => new SimdFieldHasher(),
  wasm: () => WasmFieldHasher.create(),
};
