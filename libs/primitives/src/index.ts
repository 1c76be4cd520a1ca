export type { Brand } from "./brand.js";
export {
  Bytes32,
  bytesToUint,
  concatBytes,
  equalBytes,
  EthAddress,
  fromHex,
  type Hex,
  isHex,
  plainBytes,
  toHex,
  uintToBytes,
  ZERO_ADDRESS,
  ZERO_BYTES32,
} from "./bytes.js";
export { bytes32Codec, bytesCodec, type Codec, u32Codec, uintCodec, utf8Codec } from "./codec.js";
export { CodedError, codeOf, detailsOf, messageOf } from "./coded-error.js";
export { counted } from "./counted.js";
export {
  addFields,
  addressFromField,
  addressToField,
  Field,
  FIELD_MODULUS,
  fieldFromBytes,
  fieldToBytes,
  fieldToHex,
  isField,
  subFields,
  ZERO_FIELD,
} from "./field.js";
export type { FieldHasher } from "./field-hasher.js";
export { jsFieldHasher } from "./js-field-hasher.js";
export { keccak256 } from "./keccak256.js";
export { PrimitiveError, PrimitiveErrorCode } from "./primitive-error.js";
export { sha256ToField } from "./sha256.js";
export { BlockNumber, Epoch, L1BlockNumber, Seconds, Slot, UnixSeconds, Wei } from "./units.js";
