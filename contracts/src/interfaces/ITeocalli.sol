// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice The great temple: an M-of-N multisig that owns every other contract of a deployment.
interface ITeocalli {
    /// @param value wei that goes with the call; Teocalli must hold it
    /// @param data empty for a plain transfer of Ether
    struct Call {
        address target;
        uint256 value;
        bytes data;
    }

    event CommandExecuted(uint256 indexed nonce, uint256 calls);
    event CallExecuted(uint256 indexed nonce, address indexed target, uint256 value, bytes data);
    event CommandsCancelled(uint256 firstNonce, uint256 nextNonce);
    event SignerAdded(address indexed signer);
    event SignerRemoved(address indexed signer);
    event ThresholdSet(uint256 threshold);

    error Teocalli_WrongNonce(uint256 expected, uint256 actual);
    error Teocalli_Expired(uint256 deadline, uint256 timestamp);
    error Teocalli_TooFewSignatures(uint256 needed, uint256 given);
    error Teocalli_NotASigner(address recovered);
    error Teocalli_SignersNotAscending(address previous, address next);
    error Teocalli_NoContract(address target);
    error Teocalli_CallFailed(uint256 index);
    error Teocalli_CancelOutOfRange(uint256 nonce, uint256 next);
    error Teocalli_OnlyItself(address caller);
    error Teocalli_InvalidSigner(address signer);
    error Teocalli_InvalidThreshold(uint256 threshold, uint256 signers);

    /// @notice Execute a command that enough signers approved: all of its calls, in order, or none.
    /// @param cmd abi.encode(Call[] calls, uint256 nonce, uint256 deadline, bytes[] signatures); the signatures are
    ///   65 bytes
    ///   (r, s, v), over EIP-712 `Command(Call[] calls,uint256 nonce,uint256 deadline)Call(address target,uint256
    ///   value,
    ///   bytes data)`, signers ascending. The deadline is the last second in which it can be executed. No calls at all
    ///   is
    ///   a command that uses up its nonce, which cancels every other one signed for it.
    function execute(bytes calldata cmd) external;

    /// @notice Void all commands signed for nonces from the present one up to `next`, without `next`. Only by a
    ///   command.
    function cancelUpTo(uint256 next) external;
}
