// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title L2-AZT, the test token
/// @dev Trust: the owner mints at will, and with the faucet so does everyone, a little at a time. For test networks
///   only.
contract L2AZT is ERC20, Ownable {
    /// @notice The most that one call of the faucet gives: a million tokens.
    uint256 public constant FAUCET_CAP = 1_000_000 ether;
    /// @notice The most that one call of the owner mints: 2^128 such calls would be needed to fill the supply.
    uint256 public constant MINT_CAP = type(uint128).max;
    bool public immutable FAUCET;

    event Minted(address indexed recipient, uint256 amount);

    error Token_NoFaucet(address caller);
    error Token_OverCap(uint256 cap, uint256 amount);

    constructor(address owner, bool faucet) ERC20("L2-AZT", "L2AZT") Ownable(owner) {
        FAUCET = faucet;
    }

    /// @notice Mint. Only the owner, unless this deployment has the faucet; at most a cap a call, so that no single
    ///   one can
    ///   use up the supply for all others.
    function mint(address recipient, uint256 amount) external {
        bool isOwner = msg.sender == owner();
        if (!FAUCET && !isOwner) revert Token_NoFaucet(msg.sender);
        uint256 cap = isOwner ? MINT_CAP : FAUCET_CAP;
        if (amount > cap) revert Token_OverCap(cap, amount);
        _mint(recipient, amount);
        emit Minted(recipient, amount);
    }
}
