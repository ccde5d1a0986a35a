/**
 * What somebody types as their site's address, and the line that puts the chat into its pages.
 *
 * Rules: pure. Whole addresses, bare hosts and what a browser's bar shows are read; what the site may be is
 * said beside the field before it is sent. The server has the last word (`net.origins`).
 */
import type { TextKey } from "../texts/texts";

export type Site =
  /** There is no site yet. */
  | { readonly kind: "none" }
  | { readonly kind: "origin"; readonly origin: string }
  | { readonly kind: "bad"; readonly why: TextKey };

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

export function readSite(typed: string): Site {
  const text = typed.trim();
  if (!text) {
    return { kind: "none" };
  }
  const scheme = isLoopback(text.replace(/[/:].*$/, "")) ? "http" : "https";
  const url = URL.parse(SCHEME.test(text) ? text : `${scheme}://${text}`);
  if (!url || url.username || /\s/.test(text)) {
    return { kind: "bad", why: "welcome:fault.address" };
  }
  return /^https?:$/.test(url.protocol)
    ? { kind: "origin", origin: url.origin }
    : { kind: "bad", why: "welcome:fault.scheme" };
}

/** Whether this host means the machine of whoever asks. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
}

/** A site that others visit gets nothing from a server that only this machine reaches. */
export function isOutOfReach(home: string, origins: readonly string[]): boolean {
  const hostOf = (origin: string) => URL.parse(origin)?.hostname ?? "";
  return isLoopback(hostOf(home)) && origins.some((one) => !isLoopback(hostOf(one)));
}

/** `home`: where the server is reached. As `kefu widget` prints it. */
export function lineFor(home: string, widget: string): string {
  return `<script src="${home}/kefu.js" data-widget="${widget}" async></script>`;
}
