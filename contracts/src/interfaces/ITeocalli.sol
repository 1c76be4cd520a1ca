// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice The great temple: an M-of-N multisig that owns every other contract of a deployment.
interface ITeocalli {
    event CommandExecuted(uint256 indexed nonce, address indexed target, uint256 value, bytes data);
    event SignerAdded(address indexed signer);
    event SignerRemoved(address indexed signer);
    event ThresholdSet(uint256 threshold);

    error Teocalli_WrongNonce(uint256 expected, uint256 actual);
    error Teocalli_TooFewSignatures(uint256 needed, uint256 given);
    error Teocalli_NotASigner(address recovered);
    error Teocalli_SignersNotAscending(address previous, address next);
    error Teocalli_OnlyItself(address caller);
    error Teocalli_InvalidSigner(address signer);
    error Teocalli_InvalidThreshold(uint256 threshold, uint256 signers);

    /// @notice Execute a command that enough signers approved.
    /// @param cmd abi.encode(address target, uint256 value, bytes data, uint256 nonce, bytes[] signatures); the signatures are
    ///   65 bytes (r, s, v), over EIP-712 `Command(address target,uint256 value,bytes data,uint256 nonce)`, signers ascending
    function execute(bytes calldata cmd) external;
}
