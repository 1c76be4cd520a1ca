/** A number with its noun, for people: "1 key", "2 keys". `many` is the plural of nouns that do not just take an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
