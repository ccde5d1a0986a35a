/** Values without what is left out on the wire: null, 0, "", false, and empty lists and objects. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const pairs = Object.entries(value).map(([key, one]) => [key, plain(one)] as const);
  return Object.fromEntries(pairs.filter(([, one]) => !isEmpty(one)));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null ? !Object.keys(value).length : !value;
}
