// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Cheats} from "../support/Cheats.sol";
import {RollupHandler} from "../support/RollupHandler.sol";

/// @notice INVARIANTS.md lists what each of these holds.
contract RollupInvariantTest is Cheats {
    RollupHandler private handler;

    function setUp() external {
        handler = new RollupHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_INV1_provenPendingHighest() external view {
        (uint256 proven, uint256 pending, uint256 highest) = handler.tipsOf();
        holds(proven <= pending && pending <= highest, "proven <= pending <= highest");
    }

    function invariant_INV3_quorumAndProposerSigned() external view {
        holds(!handler.acceptedWithoutQuorum(), "quorum");
        holds(!handler.acceptedWithoutProposer(), "proposer");
    }

    function invariant_INV5_portal() external view {
        uint256 released = handler.burntProven();
        same(handler.lockedInPortal(), handler.deposited() - handler.withdrawn() - released, "locked");
        same(handler.portalBalance(), handler.lockedInPortal() + handler.gifts(), "portal balance");
        same(
            handler.supplyAtProven() + handler.burntProven() + handler.outstanding(),
            handler.lockedInPortal() + released,
            "L2 supply + burnt + withdrawals to consume = locked + released"
        );
        holds(!handler.paidTwice(), "paid twice");
    }

    function invariant_INV8_rewards() external view {
        same(handler.creditsOpen() + handler.claimed(), handler.credited(), "credits");
        same(handler.rewardFunds() + handler.claimed(), handler.allocated(), "allocations");
        holds(handler.allocationsCovered(), "covered");
    }

    /// @dev A handler whose calls all fail would hold every invariant: this one gets everywhere.
    function test_theHandlerReachesEveryStep() external {
        handler.deposit(1e9);
        handler.propose(0, 15, 1000, 500, 0);
        handler.propose(0, 15, 1000, 500, 1);
        handler.gift(7);
        handler.prove(0, 7, 0);
        handler.prove(0, 2, 1);
        handler.withdraw(0);
        handler.settle(1);
        handler.allocate(60_000);
        handler.claim(0);
        same(handler.accepted(), 2, "accepted");
        same(handler.proven(), 2, "proven");
        same(handler.burntProven(), 2000, "burnt");
        same(handler.withdrawn(), 500, "withdrawn");
        same(handler.credited(), 265, "credited");
        same(handler.claimed(), 130, "claimed");
        handler.propose(0, 15, 0, 0, 0);
        handler.propose(31, 15, 0, 0, 0);
        (uint256 proven, uint256 pending, uint256 highest) = handler.tipsOf();
        same(proven + pending + highest, 2 + 3 + 3, "pruned and built on the proven tip");
    }
}
