/**
 * Who a browser is: the token that makes it the same visitor tomorrow, and ids that nobody else draws.
 *
 * Rules: a visitor's token is drawn here, one for each inbox, and kept. One that the server does not
 * take any more is drawn anew by the link, once.
 */
import type { Memory } from "./memory";
import type { Ports } from "./ports";

const TOKEN = /^kd_[A-Za-z0-9_-]{43}$/;
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const TOKEN_BYTES = 32;
const ID_BYTES = 16;

/** The kept token; none yet: a new one, which is kept. */
export function deviceToken(memory: Memory, random: Ports["random"]): string {
  const kept = memory.get("device") ?? "";
  return TOKEN.test(kept) ? kept : freshToken(memory, random);
}

/** A new one in its place: whoever comes from now on is somebody else. */
export function freshToken(memory: Memory, random: Ports["random"]): string {
  const token = `kd_${urlSafe(random(TOKEN_BYTES))}`;
  memory.set("device", token);
  return token;
}

/** An id for a message or a command. */
export function drawId(random: Ports["random"]): string {
  return urlSafe(random(ID_BYTES));
}

/** A short name for somebody by their token, under which things are kept; it tells nothing of it. */
export function nameOf(token: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const char of token) {
    const code = char.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return ((a >>> 0) * 0x200000 + (b >>> 11)).toString(36);
}

/** Base64 of RFC 4648, section 5, without padding. */
function urlSafe(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    text += [18, 12, 6, 0].map((shift) => URL_SAFE[(bits >> shift) & 63]).join("");
  }
  return text.slice(0, Math.ceil((bytes.length * 4) / 3));
}
