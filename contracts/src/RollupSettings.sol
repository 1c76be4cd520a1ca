// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Inbox} from "./Inbox.sol";
import {FeePortal} from "./FeePortal.sol";
import {Constants} from "./generated/Constants.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {IValidatorRegistry} from "./interfaces/IValidatorRegistry.sol";
import {MessageLib} from "./libraries/MessageLib.sol";

/// @notice A deployment's parameters and peers, checked once and fixed for ever. Units as in IRollup.Parameters.
abstract contract RollupSettings is IRollup {
    uint256 public immutable genesisTime;
    uint256 public immutable slotDuration;
    uint256 public immutable epochDuration;
    uint256 public immutable committeeSize;
    uint256 public immutable proposalLateness;
    uint256 public immutable proofWindow;
    uint256 public immutable challengeWindow;
    uint256 public immutable capacity;
    uint64 public immutable l2GasTarget;
    uint64 public immutable daGasTarget;
    uint256 public immutable pendingReward;
    uint256 public immutable provenReward;
    /// @notice What a proven block earns its prover, and its coinbase, in token wei.
    uint256 public immutable proverShare;
    uint256 public immutable coinbaseShare;
    bool public immutable openBootstrap;
    ProvingRight public immutable provingRight;
    uint256 public immutable rollupVersion;
    /// @notice What the circuits know of this deployment: a public input of every proof.
    bytes32 public immutable domain;
    /// @notice EIP-712 domain of proposals and attestations: {name: "SPRTN", version: "1", chainId,
    ///   verifyingContract: this}.
    bytes32 public immutable DOMAIN_SEPARATOR;

    address public immutable validatorRegistry;
    address public immutable availabilityOracle;
    address public immutable inbox;
    address public immutable outbox;
    address public immutable feePortal;
    address public immutable rewards;
    address public immutable token;

    constructor(Parameters memory p, Peers memory peers) {
        _check(p, peers);
        genesisTime = p.genesisTime;
        slotDuration = p.slotDuration;
        epochDuration = p.epochDuration;
        committeeSize = p.committeeSize;
        proposalLateness = p.proposalLateness;
        proofWindow = p.proofWindow;
        challengeWindow = p.challengeWindow;
        capacity = p.capacity;
        l2GasTarget = p.l2GasTarget;
        daGasTarget = p.daGasTarget;
        pendingReward = p.pendingReward;
        provenReward = p.provenReward;
        proverShare = (uint256(p.provenReward) * p.proverShareBps) / 10_000;
        coinbaseShare = p.provenReward - (uint256(p.provenReward) * p.proverShareBps) / 10_000;
        openBootstrap = p.openBootstrap;
        provingRight = p.provingRight;
        rollupVersion = p.rollupVersion;
        domain = MessageLib.domain(block.chainid, p.rollupVersion, peers.feePortal);
        DOMAIN_SEPARATOR = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("SPRTN"),
                keccak256("1"),
                block.chainid,
                address(this)
            )
        );
        validatorRegistry = peers.validatorRegistry;
        availabilityOracle = peers.availabilityOracle;
        inbox = peers.inbox;
        outbox = peers.outbox;
        feePortal = peers.feePortal;
        rewards = peers.rewards;
        token = peers.token;
    }

    function _check(Parameters memory p, Peers memory peers) private view {
        // libs/deployment/src/assert-parameters.ts says the same before anything is sent.
        _require(p.genesisTime != 0 && p.genesisTime < 1 << 40, "genesisTime");
        _require(p.slotDuration != 0 && p.slotDuration <= 1 days, "slotDuration");
        _require(p.epochDuration != 0 && p.epochDuration <= 1 << 16, "epochDuration");
        _require(p.committeeSize != 0 && p.committeeSize <= Constants.MAX_COMMITTEE, "committeeSize");
        _require(p.proposalLateness <= p.epochDuration, "proposalLateness");
        // TX-2: the limit, twice the target, fits a header's 64 bits.
        _require(_isGasTarget(p.l2GasTarget) && _isGasTarget(p.daGasTarget), "gasTarget");
        _require(p.initialBaseFeeL2 != 0 && p.initialBaseFeeDa != 0, "initialBaseFee");
        _require(p.proverShareBps <= 10_000, "proverShareBps");
        // PROV-2: the right `quotes` has no implementation yet.
        _require(p.provingRight != ProvingRight.quotes, "provingRight");
        // Who has the right finds at least a slot between the end of the epoch and D1, others one until D2.
        _require(
            p.proofWindow >= (uint256(p.proposalLateness) + 1) * p.slotDuration
                && p.proofWindow <= 365 days, "proofWindow"
        );
        _require(p.challengeWindow >= p.slotDuration && p.challengeWindow <= 365 days, "challengeWindow");
        uint256 windows = uint256(p.proofWindow) + p.challengeWindow;
        // PEND-7: the buffer holds every block that can be unproven before a prune, the proven tip, and one more.
        _require(p.capacity >= p.epochDuration + _ceil(windows, p.slotDuration) + 2, "capacity");
        // SET-2: a stake stays until the last epoch that its validator serves can no longer be proven.
        uint256 grace = Constants.SET_LAG_EPOCHS + _ceil(windows, uint256(p.slotDuration) * p.epochDuration);
        _require(IValidatorRegistry(peers.validatorRegistry).exitGraceEpochs() >= grace, "exitGraceEpochs");
        _require(uint256(p.genesisArchive) < Constants.FIELD_MODULUS, "genesisArchive");
        _require(p.rollupVersion != 0 && p.rollupVersion <= type(uint64).max, "rollupVersion");
        _require(p.rollupVersion == Inbox(peers.inbox).ROLLUP_VERSION(), "rollupVersion");
        _require(p.rollupVersion == FeePortal(peers.feePortal).ROLLUP_VERSION(), "rollupVersion");
        _checkGenesis(p);
        _checkPeers(peers);
    }

    function _isGasTarget(uint64 target) private pure returns (bool) {
        return target != 0 && target < 1 << 63;
    }

    /// @dev An address without code would fail at its first use, when nothing can be changed any more.
    function _checkPeers(Peers memory peers) private view {
        address[7] memory contracts = [
            peers.availabilityOracle,
            peers.inbox,
            peers.outbox,
            peers.feePortal,
            peers.rewards,
            peers.token,
            peers.verifier
        ];
        for (uint256 i; i < contracts.length; ++i) _require(contracts[i].code.length != 0, "peers");
    }

    /// @dev The genesis header is the one that the other parameters imply, but for lastArchive and stateHash, which L1
    ///   cannot know.
    function _checkGenesis(Parameters memory p) private pure {
        _require(
            uint256(_word(p.genesisHeader, 0)) < Constants.FIELD_MODULUS
                && uint256(_word(p.genesisHeader, 248)) < Constants.FIELD_MODULUS,
            "genesisHeader"
        );
        bytes memory wanted = abi.encodePacked(
            _word(p.genesisHeader, 0),
            uint64(0),
            p.genesisTime,
            bytes20(0),
            bytes32(0),
            p.initialBaseFeeL2,
            p.initialBaseFeeDa
        );
        wanted = abi.encodePacked(wanted, new bytes(132), _word(p.genesisHeader, 248), uint32(0));
        _require(keccak256(wanted) == keccak256(p.genesisHeader), "genesisHeader");
    }

    /// @return word 32 bytes at `offset`; zero bytes beyond the end are caught by the comparison of the whole
    function _word(bytes memory data, uint256 offset) private pure returns (bytes32 word) {
        if (data.length < offset + 32) return 0;
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), offset))
        }
    }

    function _ceil(uint256 value, uint256 divisor) private pure returns (uint256) {
        return (value + divisor - 1) / divisor;
    }

    function _require(bool condition, string memory name) private pure {
        if (!condition) revert Init_InvalidParameter(name);
    }
}
