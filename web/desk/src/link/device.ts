/**
 * The device token, which makes this browser the same visitor tomorrow.
 *
 * Rules: the page draws it, one for each inbox. A browser that keeps nothing has a new one each time.
 * Who opens a letter's link that is of another conversation keeps their own token aside, to go back to,
 * and their own words, which whoever got the letter is not to read.
 */
import { forget, recall, recallKeys, remember, thisTab } from "shared/view/memory";

const TOKEN = /^kd_[A-Za-z0-9_-]{43}$/;

export function deviceToken(widget: string): string {
  const known = recall(`device.${widget}`);
  return TOKEN.test(known) ? known : drawToken(widget);
}

/** A new one for a letter's conversation; one's own is kept aside. */
export function setAside(widget: string): string {
  if (!isAside(widget)) {
    remember(`device.${widget}.own`, recall(`device.${widget}`));
    remember(`conversation.${widget}.own`, recall(`conversation.${widget}`));
  }
  forgetAside(widget);
  return drawToken(widget);
}

export function isAside(widget: string): boolean {
  return TOKEN.test(recall(`device.${widget}.own`));
}

/** The name under which the page keeps what is written: one's own, or what is of the letter. */
export function scopeOf(widget: string): string {
  return isAside(widget) ? asideOf(widget) : widget;
}

/** One's own again, with the conversation that was shown. */
export function takeBack(widget: string): void {
  const own = recall(`device.${widget}.own`);
  if (TOKEN.test(own)) {
    remember(`device.${widget}`, own);
    remember(`conversation.${widget}`, recall(`conversation.${widget}.own`));
  }
  forget(`device.${widget}.own`);
  forget(`conversation.${widget}.own`);
  forgetAside(widget);
}

function asideOf(widget: string): string {
  return `${widget}~letter`;
}

/** The next letter is another conversation. */
function forgetAside(widget: string): void {
  const scope = asideOf(widget);
  for (const id of recallKeys(`unsent.${scope}.`)) {
    forget(`unsent.${scope}.${id}`);
  }
  forget(`known.${scope}`);
  forget(`loss.${scope}`);
  forget(`draft.chat.${scope}`, thisTab);
}

/** A new one, in the place of any other: whoever comes from now on is somebody else. */
export function drawToken(widget: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  const token = `kd_${text.replaceAll("+", "-").replaceAll("/", "_").replace("=", "")}`;
  remember(`device.${widget}`, token);
  return token;
}

/** `crypto.randomUUID` is there for secure pages alone; a chat in a local network works, too. */
export function drawId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
