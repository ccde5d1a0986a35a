/**
 * The shop's word with the chat, by the same few calls as any site's. Until the loader is there they
 * are queued; on a server without it nothing happens.
 */

type Kefu = ((...call: unknown[]) => unknown) & { q?: unknown[][] };

declare global {
  interface Window {
    Kefu?: Kefu;
  }
}

function chat(...call: unknown[]): void {
  if (!window.Kefu) {
    const queue: unknown[][] = [];
    window.Kefu = Object.assign((...later: unknown[]) => queue.push(later), { q: queue });
  }
  window.Kefu(...call);
}

/** Has the chat speak the page's language. */
export const speak = (locale: string): void => chat("set", { locale });

/** Shows `button`, which opens the chat, once there is one. */
export function opensChat(button: HTMLElement): void {
  button.addEventListener("click", () => chat("open"));
  chat("on", "ready", () => {
    button.hidden = false;
  });
}
