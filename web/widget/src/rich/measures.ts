/** How files are told. Pure. */

const KINDS = /\.([A-Za-z0-9]{1,5})$/;

/** `184 kB`, `1.8 MB`, as the language writes it. */
export function sizeOf(bytes: number, locale: string): string {
  const [unit, size] = bytes < 999_500 ? ["kilobyte", 1_000] : ["megabyte", 1_000_000];
  const count = bytes && Math.max(1, bytes / Number(size)); // a byte is more than none
  const maximumFractionDigits = unit === "kilobyte" || count >= 10 ? 0 : 1;
  return count.toLocaleString(locale, { style: "unit", unit: String(unit), maximumFractionDigits });
}

/** What a file's name says that it is: `PDF`; nothing known: no text. */
export function kindOf(name: string): string {
  return KINDS.exec(name)?.[1]?.toUpperCase() ?? "";
}

/** Until when a file's link holds, in Unix milliseconds; one that says nothing holds. */
export function endOf(url: string): number {
  return Number(/[?&]token=\d+\.\w+\.(\d+)\./.exec(url)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** Only our own server's files are shown and fetched. */
export function isOurs(url: string | undefined): url is string {
  return url?.startsWith("/api/") ?? false;
}
