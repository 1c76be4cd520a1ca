// The README's tables of methods and of libs, from the code: a test compares them with the README, line by line.
import { readWorkspace } from "../checks/workspace.mjs";

/** One row a JSON-RPC method, in the order of the groups. */
export async function methodRows() {
  const [{ nodeMethods, proverMethods, brokerMethods }, { jsFieldHasher }] = await Promise.all([
    import("../../libs/rpc/dist/index.js"),
    import("../../libs/primitives/dist/index.js"),
  ]);
  return [nodeMethods(jsFieldHasher), proverMethods, brokerMethods].flatMap(({ prefix, methods }) =>
    Object.entries(methods).map(
      ([name, { params, summary }]) =>
        `| \`${prefix}${name}\` | ${params.map(param => `\`${param.name}\``).join(", ")} | ${summary} |`,
    ),
  );
}

/** One row a lib or app, from the highest floor down. */
export function libRows() {
  const projects = readWorkspace().toSorted((a, b) => b.floor.localeCompare(a.floor) || a.name.localeCompare(b.name));
  return projects.map(
    ({ name, floor, manifest }) => `| ${floor} | ${floor === "F6" ? "apps/" : ""}${name} | ${manifest.description} |`,
  );
}
