/** Kefu's REST API, as far as the pages need it before there is a connection. */
import type { Refusal } from "protocol";

const ANSWER_TIMEOUT_MS = 15_000;

export type Answer<T> =
  | { readonly kind: "ok"; readonly ok: T }
  | { readonly kind: "refused"; readonly error: Refusal }
  /** No server answered, or something else did. */
  | { readonly kind: "unreachable" };

export interface Request {
  readonly method: "GET" | "POST";
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function ask<T>({ method, path, body, headers }: Request): Promise<Answer<T>> {
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const answer = (await response.json()) as { error?: Refusal };
    if (response.ok) {
      return { kind: "ok", ok: answer as T };
    }
    return answer.error ? { kind: "refused", error: answer.error } : { kind: "unreachable" };
  } catch {
    return { kind: "unreachable" };
  }
}

/** Whether the same request may be answered otherwise in a while. */
export function isPassing(answer: Answer<unknown>): boolean {
  return (
    answer.kind === "unreachable" ||
    (answer.kind === "refused" && ["too_many", "unavailable"].includes(answer.error.code))
  );
}
