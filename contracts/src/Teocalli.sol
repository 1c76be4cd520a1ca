// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {ITeocalli} from "./interfaces/ITeocalli.sol";

/// @title Teocalli
/// @notice M-of-N multisig; commands are signed off chain and sent by anyone.
/// @dev Trust: `threshold` of the signers control the validator set, the rewards, the verifier and the key tree root.
///   Commands are executed in the order of their nonce. Signers and threshold change through commands to itself.
contract Teocalli is ITeocalli, EIP712 {
    using EnumerableSet for EnumerableSet.AddressSet;

    bytes32 private constant COMMAND_TYPEHASH = keccak256("Command(address target,uint256 value,bytes data,uint256 nonce)");

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
        (address target, uint256 value, bytes memory data, uint256 nonce_, bytes[] memory signatures) =
            abi.decode(cmd, (address, uint256, bytes, uint256, bytes[]));
        if (nonce_ != nonce) revert Teocalli_WrongNonce(nonce, nonce_);
        if (signatures.length < threshold) revert Teocalli_TooFewSignatures(threshold, signatures.length);
        bytes32 digest = commandDigest(target, value, data, nonce_);
        address previous;
        for (uint256 i; i < signatures.length; ++i) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (!_signers.contains(signer)) revert Teocalli_NotASigner(signer);
            // Ascending order makes each signer count once.
            if (signer <= previous) revert Teocalli_SignersNotAscending(previous, signer);
            previous = signer;
        }
        ++nonce;
        Address.functionCallWithValue(target, data, value);
        emit CommandExecuted(nonce_, target, value, data);
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
    function commandDigest(address target, uint256 value, bytes memory data, uint256 nonce_) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(COMMAND_TYPEHASH, target, value, keccak256(data), nonce_)));
    }

    function _add(address signer) private {
        if (signer == address(0) || !_signers.add(signer)) revert Teocalli_InvalidSigner(signer);
        emit SignerAdded(signer);
    }

    function _setThreshold(uint256 threshold_) private {
        if (threshold_ == 0 || threshold_ > _signers.length()) revert Teocalli_InvalidThreshold(threshold_, _signers.length());
        threshold = threshold_;
        emit ThresholdSet(threshold_);
    }
}
