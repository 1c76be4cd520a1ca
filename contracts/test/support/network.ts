import { network } from "hardhat";

/** One simulated L1 for the whole process; each test file takes its own snapshot through fixtures. */
export const connection = await network.create();
export const { ethers, networkHelpers } = connection;
/** The chain as the process found it. */
export const untouched = await networkHelpers.takeSnapshot();
