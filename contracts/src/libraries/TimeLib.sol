// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice TIME-1: slots and epochs from L1 timestamps, and the deadlines of PROV-2. All times in unix seconds.
library TimeLib {
    /// @dev Before genesis the slot is 0, which no block can occupy: the genesis block does.
    function slotAt(uint256 timestamp, uint256 genesisTime, uint256 slotDuration) internal pure returns (uint256) {
        return timestamp <= genesisTime ? 0 : (timestamp - genesisTime) / slotDuration;
    }

    function epochOf(uint256 slot, uint256 epochDuration) internal pure returns (uint256) {
        return slot / epochDuration;
    }

    function startOf(uint256 slot, uint256 genesisTime, uint256 slotDuration) internal pure returns (uint256) {
        return genesisTime + slot * slotDuration;
    }

    /// @return first second after the epoch
    function endOfEpoch(uint256 epoch, uint256 genesisTime, uint256 slotDuration, uint256 epochDuration)
        internal
        pure
        returns (uint256)
    {
        return genesisTime + (epoch + 1) * epochDuration * slotDuration;
    }
}
