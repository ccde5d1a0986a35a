/** What the address says: `/widget/KEY` or `/chat/KEY`. */
export function widgetKeyOf(path: string): string {
  return decodeURIComponent(path.split("/")[2] ?? "");
}
