/**
 * Addresses that somebody outside has said: the page a visitor is on, where they came from. Pure.
 *
 * Rules: only a web address becomes a link, so that none runs a script or opens what is on this machine.
 */

/** The address, to be linked; null: it is none of the web's. */
export function webAddress(text: string | undefined): string | null {
  try {
    const { protocol, href } = new URL(text ?? "");
    return protocol === "https:" || protocol === "http:" ? href : null;
  } catch {
    return null;
  }
}

/** The site of a web address; of anything else all of it. */
export function siteOf(text: string): string {
  const address = webAddress(text);
  return address ? new URL(address).host : text;
}
