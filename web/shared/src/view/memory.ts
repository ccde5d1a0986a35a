/**
 * What the browser keeps for the page: names and language for long, drafts for this tab.
 *
 * Rules: a browser that keeps nothing (private mode, blocked storage) is not an error.
 */

export function recall(key: string, store: () => Storage = () => localStorage): string {
  try {
    return store().getItem(`kefu.${key}`) ?? "";
  } catch {
    return ""; // access to the storage itself may throw
  }
}

export function remember(
  key: string,
  value: string,
  store: () => Storage = () => localStorage,
): void {
  try {
    store().setItem(`kefu.${key}`, value);
  } catch {
    // full or blocked: the page works without
  }
}

export const thisTab = (): Storage => sessionStorage;

export function forget(key: string, store: () => Storage = () => localStorage): void {
  try {
    store().removeItem(`kefu.${key}`);
  } catch {
    // nothing was kept
  }
}

/** The keys that begin with `prefix`, without it. */
export function recallKeys(prefix: string, store: () => Storage = () => localStorage): string[] {
  try {
    const whole = `kefu.${prefix}`;
    const keys = Object.keys(store()).filter((key) => key.startsWith(whole));
    return keys.map((key) => key.slice(whole.length));
  } catch {
    return [];
  }
}
