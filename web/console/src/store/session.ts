/** Signing in and out: by the cookie, which no script can read. */

/** Why it did not work: the server's code, or `gone`: no answer came. */
export class Refused extends Error {
  readonly code: string;
  readonly retryMs: number | null;

  constructor(code: string, message: string, retryMs: number | null) {
    super(message || code);
    this.code = code;
    this.retryMs = retryMs;
  }
}

export async function signIn(email: string, password: string): Promise<void> {
  await ask("POST", { email, password });
}

export async function signOut(): Promise<void> {
  await ask("DELETE");
}

async function ask(method: string, form?: object): Promise<void> {
  const headers = form && { "content-type": "application/json" };
  const body = form && JSON.stringify(form);
  let answer: Response;
  try {
    answer = await fetch("/api/v1/session", {
      method,
      ...(headers && { headers }),
      ...(body && { body }),
    });
  } catch {
    throw new Refused("gone", "", null);
  }
  if (!answer.ok) {
    const { error = {} } = await answer.json().catch(() => ({}));
    throw new Refused(error.code ?? "unavailable", error.message ?? "", error.retry_ms ?? null);
  }
}
