/** What is given with a flag that may be given more than once, as `--set A=1 --set B=2`, and all other words. */
export function takeRepeated(
  args: readonly string[],
  flag: string,
): { readonly values: readonly string[]; readonly rest: readonly string[] } {
  const values: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (word === flag && i + 1 < args.length) values.push(args[++i] as string);
    else if (word.startsWith(`${flag}=`)) values.push(word.slice(flag.length + 1));
    else rest.push(word);
  }
  return { values, rest };
}
