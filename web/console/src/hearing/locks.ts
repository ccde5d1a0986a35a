/**
 * What one tab of a browser does for all, and what each shows, told by Web Locks.
 *
 * Rules: a lock ends with its tab, however that ends, so nothing stale is ever told; a tab that holds one is
 * not frozen. Where there are none (a page without HTTPS) each tab does everything by itself.
 */

/** Waits for the lock and holds it until what it returns is called. */
export function hold(
  locks: LockManager | undefined,
  name: string,
  mode: LockMode,
  got: () => void = () => undefined,
): () => void {
  if (!locks) {
    got();
    return () => undefined;
  }
  const waiting = new AbortController();
  let release = () => waiting.abort();
  const held = () =>
    new Promise<void>((over) => {
      release = over;
      got();
    });
  locks.request(name, { mode, signal: waiting.signal }, held).catch(() => undefined); // not wanted any more
  return () => release();
}

/** Names of all locks that some tab holds. */
export async function heldNow(locks: LockManager | undefined): Promise<readonly string[]> {
  const { held = [] } = (await locks?.query()) ?? {};
  return held.map(({ name = "" }) => name);
}
