import { bytesToUint, fromHex, toHex } from "@sprtn/primitives";
import { CircuitError, CircuitErrorCode } from "./circuit-error.js";

const text = { encode: new TextEncoder(), decode: new TextDecoder("utf-8", { fatal: true }) };

/**
 * Circuit inputs as bytes: what jobs carry, what content hashes are taken of, the same for the same inputs. JSON in
 * which a string begins with what it is:
 * `#` and hex for an integer, `@` and hex for bytes, `=` for text.
 */
export function encodeCircuitInputs(inputs: object): Uint8Array {
  return text.encode.encode(
    JSON.stringify(inputs, function (this: Record<string, unknown>, key) {
      // Not the second argument: of bytes that come from node's own APIs (Buffer) it is what their toJSON made.
      const value = this[key];
      if (typeof value === "bigint") return `#${value.toString(16)}`;
      if (value instanceof Uint8Array) return `@${toHex(value).slice(2)}`;
      return typeof value === "string" ? `=${value}` : value;
    }),
  );
}

/**
 * @throws CircuitError BAD_INPUTS for bytes that are not an encoding; whether the parts fit a circuit shows when it
 *   runs on them
 */
export function decodeCircuitInputs<Inputs extends object>(bytes: Uint8Array): Inputs {
  try {
    return JSON.parse(text.decode.decode(bytes), (_, value: unknown) =>
      typeof value === "string" ? decodeString(value) : value,
    ) as Inputs;
  } catch (error) {
    if (error instanceof CircuitError) throw error;
    throw new CircuitError(
      CircuitErrorCode.BAD_INPUTS,
      "the circuit inputs cannot be decoded: the job is damaged and must be created again",
      {},
      { cause: error },
    );
  }
}

function decodeString(value: string): bigint | Uint8Array | string {
  const rest = value.slice(1);
  if (value.startsWith("=")) return rest;
  if (value.startsWith("@")) return fromHex(`0x${rest}`);
  if (value.startsWith("#") && /^[0-9a-f]+$/.test(rest))
    return bytesToUint(fromHex(`0x${rest.length % 2 === 0 ? rest : `0${rest}`}`));
  throw new CircuitError(
    CircuitErrorCode.BAD_INPUTS,
    "the circuit inputs contain a string of an unknown kind: the job is damaged and must be created again",
  );
}
