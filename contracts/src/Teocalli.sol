// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {ITeocalli} from "./interfaces/ITeocalli.sol";

/// @title Teocalli
/// @notice M-of-N multisig; commands are signed off chain and sent by anyone.
/// @dev Trust: `threshold` of the signers control the validator set, the rewards, the verifier and the key tree root.
///   Commands are executed in the order of their nonce, until their deadline. Signers and threshold change through
///   commands to itself.
contract Teocalli is ITeocalli, EIP712 {
    using EnumerableSet for EnumerableSet.AddressSet;

    bytes32 private constant CALL_TYPEHASH = keccak256("Call(address target,uint256 value,bytes data)");
    bytes32 private constant COMMAND_TYPEHASH = keccak256(
        "Command(Call[] calls,uint256 nonce,uint256 deadline)Call(address target,uint256 value,bytes data)"
    );
    /// @dev A slip of the signers' pen shall not use up all nonces.
    uint256 private constant MAX_CANCELLED = 1000;

    EnumerableSet.AddressSet private _signers;
    /// @notice How many signatures a command needs.
    uint256 public threshold;
    /// @notice The nonce of the next command.
    uint256 public nonce;

    modifier onlyItself() {
        if (msg.sender != address(this)) revert Teocalli_OnlyItself(msg.sender);
        _;
    }

    constructor(address[] memory signers, uint256 threshold_) EIP712("SPRTN", "1") {
        for (uint256 i; i < signers.length; ++i) _add(signers[i]);
        _setThreshold(threshold_);
    }

    receive() external payable {}

    /// @inheritdoc ITeocalli
    function execute(bytes calldata cmd) external {
        (Call[] memory calls, uint256 nonce_, uint256 deadline, bytes[] memory signatures) =
            abi.decode(cmd, (Call[], uint256, uint256, bytes[]));
        if (nonce_ != nonce) revert Teocalli_WrongNonce(nonce, nonce_);
        if (block.timestamp > deadline) revert Teocalli_Expired(deadline, block.timestamp);
        _checkSignatures(commandDigest(calls, nonce_, deadline), signatures);
        ++nonce;
        for (uint256 i; i < calls.length; ++i) {
            _call(calls[i], i);
            emit CallExecuted(nonce_, calls[i].target, calls[i].value, calls[i].data);
        }
        emit CommandExecuted(nonce_, calls.length);
    }

    /// @inheritdoc ITeocalli
    function cancelUpTo(uint256 next) external onlyItself {
        if (next <= nonce || next - nonce > MAX_CANCELLED) revert Teocalli_CancelOutOfRange(nonce, next);
        emit CommandsCancelled(nonce, next);
        nonce = next;
    }

    function _checkSignatures(bytes32 digest, bytes[] memory signatures) private view {
        if (signatures.length < threshold) revert Teocalli_TooFewSignatures(threshold, signatures.length);
        address previous;
        for (uint256 i; i < signatures.length; ++i) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (!_signers.contains(signer)) revert Teocalli_NotASigner(signer);
            // Ascending order makes each signer count once.
            if (signer <= previous) revert Teocalli_SignersNotAscending(previous, signer);
            previous = signer;
        }
    }

    /// @dev Reverts with what the call reverted with. Data for an account without code would be lost in silence.
    function _call(Call memory call_, uint256 index) private {
        if (call_.data.length != 0 && call_.target.code.length == 0) revert Teocalli_NoContract(call_.target);
        (bool success, bytes memory result) = call_.target.call{value: call_.value}(call_.data);
        if (success) return;
        if (result.length == 0) revert Teocalli_CallFailed(index);
        // Assembly: passes the revert's bytes on as they are.
        assembly ("memory-safe") {
            revert(add(result, 32), mload(result))
        }
    }

    /// @notice Add a signer. Only through a command.
    function addSigner(address signer) external onlyItself {
        _add(signer);
    }

    /// @notice Remove a signer; the threshold must stay reachable. Only through a command.
    function removeSigner(address signer) external onlyItself {
        if (!_signers.remove(signer)) revert Teocalli_InvalidSigner(signer);
        if (_signers.length() < threshold) revert Teocalli_InvalidThreshold(threshold, _signers.length());
        emit SignerRemoved(signer);
    }

    /// @notice Change the threshold. Only through a command.
    function setThreshold(uint256 threshold_) external onlyItself {
        _setThreshold(threshold_);
    }

    function getSigners() external view returns (address[] memory) {
        return _signers.values();
    }

    /// @notice The EIP-712 digest that signers sign.
    function commandDigest(Call[] memory calls, uint256 nonce_, uint256 deadline) public view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            Call memory call_ = calls[i];
            hashes[i] = keccak256(abi.encode(CALL_TYPEHASH, call_.target, call_.value, keccak256(call_.data)));
        }
        bytes32 callsHash = keccak256(abi.encodePacked(hashes));
        return _hashTypedDataV4(keccak256(abi.encode(COMMAND_TYPEHASH, callsHash, nonce_, deadline)));
    }

    function _add(address signer) private {
        if (signer == address(0) || !_signers.add(signer)) revert Teocalli_InvalidSigner(signer);
        emit SignerAdded(signer);
    }

    function _setThreshold(uint256 threshold_) private {
        if (threshold_ == 0 || threshold_ > _signers.length()) {
            revert Teocalli_InvalidThreshold(threshold_, _signers.length());
        }
        threshold = threshold_;
        emit ThresholdSet(threshold_);
    }
}
