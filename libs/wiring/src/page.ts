import { assetsFolder } from "@sprtn/dashboard";
import { NodeFeed } from "@sprtn/node-service";
import type { ProcessMetrics } from "@sprtn/observability";
import type { Timetable } from "@sprtn/consensus";
import type { PageSource } from "@sprtn/ports";
import { feesAreOff } from "@sprtn/protocol";
import { slotTimetable } from "./assemble/sequencer.js";
import type { CompanionDependencies } from "./companions.js";
import { readPage } from "./page-files.js";
import { readinessChecks, readinessOf, sharedReadinessChecks } from "./readiness.js";

/** A node's page: its files, and what it shows. */
export interface Page {
  readonly files: PageSource;
  readonly feed: NodeFeed;
}

/** What the page of a node shows, from the node's own parts. */
export async function openPage(
  { process, node, others = [], prover = node.parts.prover }: CompanionDependencies,
  processMetrics: Pick<ProcessMetrics, "use">,
): Promise<Page> {
  const { options, parts, journal, l1 } = node;
  const { deployment, name, version, roles } = options;
  const { parameters, contracts } = deployment;
  const checks = [...readinessChecks(parts), ...sharedReadinessChecks(others)];
  const feed = new NodeFeed(
    {
      blocks: parts.chain.archiver,
      committees: parts.chain.askedCommittees,
      journal,
      l1Time: l1.heads,
      pool: () => ({ count: parts.pool.pendingCount(), bytes: parts.pool.pendingBytes() }),
      peers: () => parts.network.view.peers(),
      machine: () => {
        const { uptimeSeconds, residentBytes, cores, loopLagMs } = processMetrics.use;
        return {
          uptime: Math.floor(uptimeSeconds),
          rssBytes: residentBytes,
          cores: Math.round(100 * cores) / 100,
          loopLagMs: Math.round(loopLagMs),
        };
      },
      baseFees: () => parts.nodeService.getBaseFees(),
      readiness: () => readinessOf(checks),
      ...(prover === undefined
        ? {}
        : { prover: { epochs: () => prover.proverNode.getEpochs(), jobs: () => prover.queue.status() } }),
      clock: process.clock,
      logger: process.logger.child(name).child("page"),
    },
    {
      node: {
        name,
        version,
        network: deployment.name,
        chainId: String(deployment.chainId),
        rollup: contracts.rollup,
        roles: [...roles],
        own: parts.key?.signer.address ?? null,
        proofMode: deployment.proofMode,
        crs: deployment.crs,
        density: options.density ?? 1,
      },
      rules: {
        genesisTime: parameters.genesisTime,
        slotDuration: parameters.slotDuration,
        epochDuration: parameters.epochDuration,
        fees: feesAreOff(parameters) ? "off" : "on",
        proofWindow: parameters.proofWindow,
        challengeWindow: parameters.challengeWindow,
        timetable: wholeMs(slotTimetable(parameters.slotDuration)),
      },
      parameters,
    },
  );
  return { files: await readPage(assetsFolder()), feed };
}

function wholeMs({ sync, build, propose, collect, publish }: Timetable): Timetable {
  const whole = Math.round;
  return {
    sync: whole(sync),
    build: whole(build),
    propose: whole(propose),
    collect: whole(collect),
    publish: whole(publish),
  };
}
