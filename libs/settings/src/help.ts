import type { Composition, GroupedSetting, SettingsGroups } from "./compose.js";
import { flagsOf, namesOf, type Setting } from "./declaration.js";
import { shownDefault } from "./explain.js";

/** The text of `--help`: `usage` on top, then each group's flags. */
export function helpText(composition: Composition<SettingsGroups>, usage: string): string {
  const blocks = groupsOf(composition).map(([group, entries]) =>
    [`${title(group)}:`, ...entries.map(({ setting }) => helpEntry(setting))].join("\n"),
  );
  const footer =
    "Flags override the environment, which overrides an .env file. Each flag's environment name is in brackets.";
  return [usage, ...blocks, footer].join("\n\n").concat("\n");
}

/** The reference page's tables, one a group, in Markdown. */
export function referenceMarkdown(composition: Composition<SettingsGroups>): string {
  const header = ["| Environment | Flag | Default | Expects | What it does |", "|---|---|---|---|---|"];
  return groupsOf(composition)
    .map(([group, entries]) =>
      [`### ${title(group)}`, "", ...header, ...entries.map(({ setting }) => referenceRow(setting)), ""].join("\n"),
    )
    .join("\n");
}

function referenceRow(setting: Setting): string {
  const cells = [
    namesOf(setting).map(code).join(", "),
    flagsOf(setting).map(code).join(", "),
    shownDefault(setting),
    setting.parse.expected,
    setting.description,
  ];
  return `| ${cells.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function helpEntry(setting: Setting): string {
  const value = setting.parse.bare === undefined ? " VALUE" : "";
  const secret = setting.secret
    ? " Secret: set it in the environment or a file, so that other users of the machine cannot see it."
    : "";
  return (
    `  ${flagsOf(setting).join(", ")}${value}  [${namesOf(setting).join(", ")}]\n      ${setting.description}. ` +
    `Expects ${setting.parse.expected}; default: ${shownDefault(setting)}.${secret}`
  );
}

function groupsOf(composition: Composition<SettingsGroups>): [string, readonly GroupedSetting[]][] {
  return Object.keys(composition.groups)
    .map(group => [group, composition.all.filter(entry => entry.group === group)] as [string, GroupedSetting[]])
    .filter(([, entries]) => entries.length > 0);
}

/** "proverAgent" as "Prover agent". */
function title(group: string): string {
  const words = group.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`).replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function code(text: string): string {
  return `\`${text}\``;
}
