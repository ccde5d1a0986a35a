/** What the address says: `/widget/KEY` or `/chat/KEY`. */
export function widgetKeyOf(path: string): string {
  return decodeURIComponent(path.split("/")[2] ?? "");
}

/** Whether this server is the site's that has the page at `url`: it, or a part of it. */
export function isOwnServer(url: string | undefined, server = location.hostname): boolean {
  if (url === undefined) {
    return true; // the chat is a page itself
  }
  try {
    const site = new URL(url).hostname.replace(/^www\./, "");
    return server === site || server.endsWith(`.${site}`);
  } catch {
    return false;
  }
}
