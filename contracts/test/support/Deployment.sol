// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AvailabilityOracle} from "../../src/AvailabilityOracle.sol";
import {FeePortal} from "../../src/FeePortal.sol";
import {Inbox} from "../../src/Inbox.sol";
import {L2AZT} from "../../src/L2AZT.sol";
import {Outbox} from "../../src/Outbox.sol";
import {Rewards} from "../../src/Rewards.sol";
import {Rollup} from "../../src/Rollup.sol";
import {ValidatorRegistry} from "../../src/ValidatorRegistry.sol";
import {IRollup} from "../../src/interfaces/IRollup.sol";
import {AcceptAllVerifier} from "./AcceptAllVerifier.sol";
import {Cheats} from "./Cheats.sol";

/// @notice A whole deployment with four validators (keys 1 … 4), owned by this contract, whose verifier accepts
///   anything.
abstract contract Deployment is Cheats {
    uint256 internal constant GENESIS = 1000;
    uint256 internal constant SLOT = 10;
    uint256 internal constant EPOCH = 4;
    uint256 internal constant MEMBERS = 4;
    uint256 internal constant VERSION = 7;

    L2AZT internal token;
    Rewards internal rewards;
    ValidatorRegistry internal registry;
    AvailabilityOracle internal oracle;
    Inbox internal inbox;
    Outbox internal outbox;
    FeePortal internal portal;
    Rollup internal rollup;

    function deployAll() internal {
        vm.warp(GENESIS);
        token = new L2AZT(address(this), true);
        rewards = new Rewards(address(this), address(token));
        bytes32[] memory keys = new bytes32[](MEMBERS);
        for (uint256 i; i < MEMBERS; ++i) keys[i] = bytes32(uint256(uint160(vm.addr(i + 1))));
        registry = new ValidatorRegistry(address(this), 0, 5, keys);
        oracle = new AvailabilityOracle();
        inbox = new Inbox(VERSION);
        outbox = new Outbox();
        portal = new FeePortal(address(token), address(inbox), address(outbox), address(rewards), VERSION, 1);
        rollup = new Rollup(parameters(), peers());
        registry.initialize(address(rollup));
        oracle.initialize(address(rollup));
        inbox.initialize(address(rollup), address(portal));
        outbox.initialize(address(rollup), address(portal));
        portal.initialize(address(rollup));
    }

    function parameters() private pure returns (IRollup.Parameters memory p) {
        p.genesisTime = uint64(GENESIS);
        p.slotDuration = uint32(SLOT);
        p.epochDuration = uint32(EPOCH);
        p.committeeSize = uint32(MEMBERS);
        p.proofWindow = 40;
        p.challengeWindow = 40;
        p.capacity = 14;
        p.l2GasTarget = 100_000;
        p.daGasTarget = 10_000;
        p.initialBaseFeeL2 = 1000;
        p.initialBaseFeeDa = 1000;
        p.pendingReward = 100;
        p.provenReward = 50;
        p.proverShareBps = 3000;
        p.provingRight = IRollup.ProvingRight.open;
        p.rollupVersion = VERSION;
        p.genesisArchive = bytes32(uint256(1));
        p.genesisHeader = abi.encodePacked(
            new bytes(40), uint64(GENESIS), new bytes(52), uint64(1000), uint64(1000), new bytes(168)
        );
    }

    function peers() private returns (IRollup.Peers memory) {
        return IRollup.Peers({
            owner: address(this),
            validatorRegistry: address(registry),
            availabilityOracle: address(oracle),
            inbox: address(inbox),
            outbox: address(outbox),
            feePortal: address(portal),
            rewards: address(rewards),
            token: address(token),
            verifier: address(new AcceptAllVerifier())
        });
    }
}
