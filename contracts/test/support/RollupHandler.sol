// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IRollup} from "../../src/interfaces/IRollup.sol";
import {AttestationLib} from "../../src/libraries/AttestationLib.sol";
import {HeaderLib} from "../../src/libraries/HeaderLib.sol";
import {MessageLib} from "../../src/libraries/MessageLib.sol";
import {EffectsLib} from "../../src/libraries/EffectsLib.sol";
import {RollupBase} from "../../src/RollupBase.sol";
import {Deployment} from "./Deployment.sol";

/// @notice What anyone can do to a deployment, in any order, and what it must add up to.
/// @dev Blocks here hold one transaction, which burns base fees and may withdraw; L2 honours deposits at once.
contract RollupHandler is Deployment {
    struct Block {
        bytes header;
        bytes32 archive;
        address coinbase;
        uint256 burnt;
        uint256 withdrawal;
        bool withdrawn;
    }

    mapping(uint256 number => Block) private _blocks;
    /// @dev Burnt and withdrawn by all blocks up to this one.
    mapping(uint256 number => uint256) private _spent;
    uint256 private _time = GENESIS;

    uint256 public deposited;
    uint256 public gifts;
    uint256 public withdrawn;
    uint256 public burntProven;
    uint256 public outstanding;
    uint256 public credited;
    uint256 public claimed;
    uint256 public allocated;
    uint256 public accepted;
    uint256 public proven;
    bool public acceptedWithoutQuorum;
    bool public acceptedWithoutProposer;
    bool public paidTwice;

    constructor() {
        deployAll();
        token.mint(address(this), 1e30);
        token.approve(address(portal), type(uint256).max);
        deposit(1e18);
    }

    function deposit(uint64 amount) public {
        if (amount == 0) return;
        portal.deposit(bytes32(uint256(1)), amount, bytes32(uint256(2)));
        deposited += amount;
    }

    function propose(uint8 skip, uint8 signers, uint32 burnt, uint32 withdrawal, uint8 coinbase) external {
        _advance(1 + (skip % 4 == 3 ? skip % 32 : 0));
        signers = skip % 2 == 0 ? 15 : signers & 15;
        RollupBase.Tips memory tips = rollup.getTips();
        bool prunes = _prunable(tips);
        uint256 parent = prunes ? tips.proven : tips.pending;
        Block memory next = _build(parent, burnt, withdrawal, coinbase);
        bytes memory effects = _effects(parent + 1);
        try oracle.publishAndPropose(effects, next.header, next.archive, _sign(next, signers)) {
            uint256 count;
            for (uint256 i; i < MEMBERS; ++i) count += (signers >> i) & 1;
            if (count < 3) acceptedWithoutQuorum = true;
            if ((signers >> (rollup.currentSlot() % MEMBERS)) & 1 == 0) acceptedWithoutProposer = true;
            _creditOverwritten(parent + 1);
            if (next.coinbase != address(0)) credited += 100;
            _blocks[parent + 1] = next;
            _spent[parent + 1] = _spent[parent] + next.burnt + next.withdrawal;
            ++accepted;
        } catch {}
    }

    /// @dev Tokens that somebody just sends to FeePortal.
    function gift(uint32 amount) external {
        token.transfer(address(portal), amount);
        gifts += amount;
    }

    function prove(uint8 length, uint8 skip, uint8 back) external {
        RollupBase.Tips memory tips = rollup.getTips();
        if (tips.pending == tips.proven) return;
        _advance(skip % 8);
        uint256 last = tips.proven + 1 + (length % (tips.pending - tips.proven));
        Block storage target = _blocks[last];
        uint256 first = tips.proven + 1 - (back % 8 > tips.proven ? 0 : back % 8);
        try rollup.processProvenRange(first, target.header, target.archive, "") {
            for (uint256 n = tips.proven + 1; n <= last; ++n) {
                burntProven += _blocks[n].burnt;
                outstanding += _blocks[n].withdrawal;
                ++proven;
                credited += 15;
            }
        } catch {}
    }

    function prune() external {
        try rollup.prune() {} catch {}
    }

    function withdraw(uint8 number) external {
        uint256 tip = rollup.provenBlockNumber();
        if (tip == 0) return;
        Block storage target = _blocks[1 + (number % tip)];
        try portal.withdraw(address(0xb0b), uint128(target.withdrawal), 1 + (number % tip), 1, new bytes32[](0)) {
            if (target.withdrawn || target.withdrawal == 0) paidTwice = true;
            target.withdrawn = true;
            withdrawn += target.withdrawal;
            outstanding -= target.withdrawal;
        } catch {}
    }

    function settle(uint8 number) external {
        uint256 tip = rollup.provenBlockNumber();
        if (tip == 0) return;
        uint256[] memory numbers = new uint256[](1);
        numbers[0] = 1 + (number % tip);
        try rollup.settle(numbers) {
            if (_blocks[numbers[0]].coinbase != address(0)) credited += 35;
            _blocks[numbers[0]].coinbase = address(0);
        } catch {}
    }

    function claim(uint8 account) external {
        try rollup.claim(_coinbase(account)) returns (uint256 amount) {
            claimed += amount;
        } catch {}
        try rollup.claim(address(this)) returns (uint256 amount) {
            claimed += amount;
        } catch {}
    }

    function allocate(uint16 amount) external {
        if (amount % 2 == 0) token.mint(address(rewards), amount);
        try rewards.allocateRewards(address(rollup), amount) {
            allocated += amount;
        } catch {}
    }

    // What the invariants compare.

    function tipsOf() external view returns (uint256 provenTip, uint256 pendingTip, uint256 highest) {
        RollupBase.Tips memory tips = rollup.getTips();
        return (tips.proven, tips.pending, tips.highest);
    }

    function supplyAtProven() external view returns (uint256) {
        return deposited - _spent[rollup.provenBlockNumber()];
    }

    function portalBalance() external view returns (uint256) {
        return token.balanceOf(address(portal));
    }

    function lockedInPortal() external view returns (uint256) {
        return portal.locked();
    }

    function creditsOpen() external view returns (uint256 sum) {
        for (uint256 i; i < 4; ++i) sum += rollup.creditOf(_coinbase(uint8(i)));
        sum += rollup.creditOf(address(this));
    }

    /// @return left allocated and not yet paid out, wherever it lies
    function rewardFunds() external view returns (uint256 left) {
        return rewards.allocationOf(address(rollup)) + token.balanceOf(address(rollup));
    }

    function allocationsCovered() external view returns (bool) {
        return rewards.totalAllocated() <= token.balanceOf(address(rewards))
            && rewards.totalAllocated() == rewards.allocationOf(address(rollup));
    }

    function _advance(uint256 slots) private {
        _time += slots * SLOT;
        vm.warp(_time);
    }

    function _coinbase(uint8 index) private pure returns (address) {
        return index % 4 == 3 ? address(0) : address(uint160(0xc0de + (index % 4)));
    }

    function _prunable(RollupBase.Tips memory tips) private view returns (bool) {
        if (tips.pending == tips.proven) return false;
        uint256 slot = rollup.getRecord(tips.proven + 1).slot;
        return _time > GENESIS + (slot / EPOCH + 1) * EPOCH * SLOT + 80;
    }

    /// @dev The record that block `number` takes over pays the proven block that was in it.
    function _creditOverwritten(uint256 number) private {
        if (number > 14 && _blocks[number - 14].coinbase != address(0)) {
            credited += 35;
            _blocks[number - 14].coinbase = address(0);
        }
    }

    function _effects(uint256 number) private view returns (bytes memory effects) {
        effects = new bytes(704);
        effects[31] = bytes1(uint8(number));
        effects[63] = bytes1(uint8(_time / SLOT));
    }

    function _build(uint256 parent, uint256 burnt, uint256 withdrawal, uint8 coinbase)
        private
        view
        returns (Block memory next)
    {
        uint256 available = deposited - _spent[parent];
        next.burnt = bound(burnt, 0, available / 2);
        next.withdrawal = bound(withdrawal, 0, available / 2);
        next.coinbase = _coinbase(coinbase);
        next.archive = bytes32(uint256(keccak256(abi.encode(parent, _time))) >> 8);
        IRollup.Record memory tip = rollup.getRecord(parent);
        uint256 slot = rollup.currentSlot();
        bytes32 outHash = next.withdrawal == 0
            ? bytes32(0)
            : MessageLib.toL1(block.chainid, VERSION, address(portal), address(0xb0b), next.withdrawal);
        bytes memory head = abi.encodePacked(
            tip.archive,
            uint32(parent + 1),
            uint32(slot),
            uint64(GENESIS + slot * SLOT),
            next.coinbase,
            bytes32(uint256(5))
        );
        head = abi.encodePacked(
            head,
            tip.nextBaseFeeL2,
            tip.nextBaseFeeDa,
            this.rootOf(_effects(parent + 1)),
            inbox.inHash(parent + 1),
            outHash
        );
        next.header = abi.encodePacked(
            head, uint32(1), uint128(next.burnt), uint64(90_000), uint64(11_000), bytes32(uint256(6)), uint32(0)
        );
    }

    function rootOf(bytes calldata effects) external view returns (bytes32) {
        return EffectsLib.root(effects);
    }

    function hashOf(bytes calldata header) external pure returns (bytes32) {
        return HeaderLib.hash(header);
    }

    function _sign(Block memory next, uint8 signers) private view returns (bytes memory) {
        address[] memory committee = rollup.getCommitteeAt(rollup.currentEpoch());
        bytes32 digest = AttestationLib.digest(
            rollup.DOMAIN_SEPARATOR(), rollup.currentSlot(), this.hashOf(next.header), next.archive
        );
        bytes memory signatures;
        bytes memory others;
        for (uint256 i; i < MEMBERS; ++i) {
            if ((signers >> i) & 1 == 1) {
                (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf(committee[i]), digest);
                signatures = abi.encodePacked(signatures, r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
            } else {
                others = abi.encodePacked(others, committee[i]);
            }
        }
        return abi.encodePacked(uint16(MEMBERS), signers, signatures, others);
    }

    function _keyOf(address member) private pure returns (uint256 key) {
        for (key = 1; vm.addr(key) != member; ++key) {}
    }
}
