// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice The cheatcodes of Hardhat's Solidity test runner that these tests use.
interface Vm {
    function warp(uint256 timestamp) external;
    function prevrandao(uint256 value) external;
    function prank(address sender) external;
    function deal(address account, uint256 balance) external;
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function addr(uint256 privateKey) external pure returns (address);
    function assume(bool condition) external pure;
    function expectRevert() external;
    function expectPartialRevert(bytes4 selector) external;
}

/// @notice Base of the Solidity tests.
abstract contract Cheats {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    error Check(string what, uint256 left, uint256 right);

    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + (value % (high - low + 1));
    }

    function same(uint256 left, uint256 right, string memory what) internal pure {
        if (left != right) revert Check(what, left, right);
    }

    function same(bytes32 left, bytes32 right, string memory what) internal pure {
        same(uint256(left), uint256(right), what);
    }

    function holds(bool condition, string memory what) internal pure {
        if (!condition) revert Check(what, 0, 1);
    }
}
