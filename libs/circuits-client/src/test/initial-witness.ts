import { messageOf } from "@sprtn/primitives";
import { abi, acvm, type CompiledCircuit, type WitnessMap } from "@noir-lang/noir_js";
import type { NoirInputs } from "../noir/noir-inputs.js";

type AbiType = CompiledCircuit["abi"]["parameters"][number]["type"];

/** A value that a circuit takes, at the index of its witness. */
export interface Leaf {
  readonly name: string;
  readonly index: number;
  /** Of an integer or a boolean; a field has none. */
  readonly bits?: number;
}

/** All values that a circuit takes, in the order of its witness. */
export function leavesOf({ abi: { parameters } }: CompiledCircuit): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (name: string, type: AbiType): void => {
    if (type.kind === "array") for (let i = 0; i < type.length; i++) visit(`${name}[${i}]`, type.type);
    else if (type.kind === "struct") for (const field of type.fields) visit(`${name}.${field.name}`, field.type);
    else
      leaves.push({
        name,
        index: leaves.length,
        ...(type.kind === "integer" ? { bits: type.width } : type.kind === "boolean" ? { bits: 1 } : {}),
      });
  };
  for (const { name, type } of parameters) visit(name, type);
  return leaves;
}

/** Inputs as the circuit's first witnesses: no codec has looked at what is put into them. */
export function initialWitness(circuit: CompiledCircuit, inputs: NoirInputs): WitnessMap {
  return abi.abiEncode(circuit.abi, inputs, null);
}

export function withValue(witness: WitnessMap, index: number, value: bigint): WitnessMap {
  return new Map(witness).set(index, `0x${value.toString(16).padStart(64, "0")}`);
}

/**
 * Why the circuit cannot be executed on a witness: the text of an assertion or the machine's own; undefined if it can.
 */
export async function refusalOf(circuit: CompiledCircuit, witness: WitnessMap): Promise<string | undefined> {
  try {
    await acvm.executeProgram(Buffer.from(circuit.bytecode, "base64"), witness, async () => []);
    return undefined;
  } catch (error) {
    const payload = (error as { rawAssertionPayload?: Parameters<typeof abi.abiDecodeError>[1] }).rawAssertionPayload;
    return payload === undefined ? messageOf(error) : String(abi.abiDecodeError(circuit.abi, payload));
  }
}
