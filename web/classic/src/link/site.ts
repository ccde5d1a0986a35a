/** What this server has: its pages depend on which protocols are on. */

const ANSWER_TIMEOUT_MS = 5_000;

/** Whether the server says that it does not have this page; not if it says nothing. */
export async function isMissing(page: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return (await fetch(page, { method: "HEAD", signal })).status === 404;
  } catch {
    return false;
  }
}
