// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title L2-AZT, the test token
/// @dev Trust: the owner mints at will, and with the faucet so does everyone. For test networks only.
contract L2AZT is ERC20, Ownable {
    bool public immutable FAUCET;

    event Minted(address indexed recipient, uint256 amount);

    error Token_NoFaucet(address caller);

    constructor(address owner, bool faucet) ERC20("L2-AZT", "L2AZT") Ownable(owner) {
        FAUCET = faucet;
    }

    /// @notice Mint. Only the owner, unless this deployment has the faucet.
    function mint(address recipient, uint256 amount) external {
        if (!FAUCET && msg.sender != owner()) revert Token_NoFaucet(msg.sender);
        _mint(recipient, amount);
        emit Minted(recipient, amount);
    }
}
