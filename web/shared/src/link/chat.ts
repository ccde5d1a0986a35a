/** A page's word with the widget on it; until the loader is there it waits, and without one it is lost. */

type Kefu = ((...call: unknown[]) => unknown) & { q?: unknown[][] };

declare global {
  interface Window {
    Kefu?: Kefu;
  }
}

export function chat(...call: unknown[]): void {
  if (!window.Kefu) {
    const queue: unknown[][] = [];
    window.Kefu = Object.assign((...later: unknown[]) => queue.push(later), { q: queue });
  }
  window.Kefu(...call);
}
