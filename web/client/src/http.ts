/**
 * Commands as requests, for networks that bar WebSocket (docs/protocol/rest.md).
 *
 * Rules: the same names, forms, answers and refusals as over the socket. An answer that is not
 * Kefu's is none: `gone`.
 */
import type { CommandName, Commands, Refusal, Routes } from "protocol";
import type { Abort, Ports, Response } from "./ports";
import { ANSWER_MS, GONE, Unanswered, type Whose } from "./wire";

/** Something that goes on until it is over. */
export class Turn {
  isOver = false;
  private readonly open = new Set<{ abort(): void }>();

  /** `one` is ended with it. */
  add(one: { abort(): void }): void {
    this.open.add(one);
    if (this.isOver) {
      one.abort();
    }
  }

  delete(one: { abort(): void }): void {
    this.open.delete(one);
  }

  end(): void {
    this.isOver = true;
    for (const one of [...this.open]) {
      one.abort();
    }
  }
}

export class Http {
  private readonly ports: Ports;
  private readonly whose: Whose;
  private readonly routes: Routes;
  private readonly open = new Set<Abort>();
  private isOver = false;

  constructor(ports: Ports, whose: Whose, routes: Routes) {
    this.ports = ports;
    this.whose = whose;
    this.routes = routes;
  }

  async ask<Name extends CommandName>(
    name: Name,
    form: Commands[Name]["form"],
    { key, ...how }: Partial<How> & { readonly key?: string | undefined } = {},
  ): Promise<Commands[Name]["answer"]> {
    const route = this.routes[name];
    if (!route) {
      throw new Unanswered({ ...GONE, code: "bad_input", message: `no route for ${name}` });
    }
    const { method, path, rest } = fill(route, form as Fields);
    const isInQuery = method === "GET" || method === "DELETE";
    const headers = { ...(key !== undefined && { "Idempotency-Key": key }) };
    const url = isInQuery ? path + query(rest) : path;
    const request = { method, url, headers, ...(!isInQuery && { body: JSON.stringify(rest) }) };
    return this.fetch(request, { waitMs: ANSWER_MS, ...how }, answerOf) as Promise<
      Commands[Name]["answer"]
    >;
  }

  /** Sends a request and reads what it answers; both within `waitMs`, unless that is put off. */
  async fetch<T>(
    { method, url, headers, body }: Sent,
    { waitMs, until }: How,
    read: (response: Response, putOff: (waitMs: number) => void) => Promise<T>,
  ): Promise<T> {
    if (this.isOver) {
      throw new Unanswered(GONE);
    }
    const abort = new this.ports.AbortController();
    let stop = this.ports.clock.after(waitMs, () => abort.abort());
    const putOff = (ms: number) => {
      stop();
      stop = this.ports.clock.after(ms, () => abort.abort());
    };
    this.open.add(abort);
    until?.add(abort);
    const { url: host, token, widget } = this.whose;
    try {
      const response = await this.ports.fetch(`${host}/api/v1${url}`, {
        method,
        headers: {
          ...headers,
          ...(token && { Authorization: `Bearer ${token}` }),
          ...(widget && { "X-Kefu-Widget": widget }),
          ...(body !== undefined && { "Content-Type": "application/json" }),
        },
        ...(body !== undefined && { body }),
        cache: "no-store",
        signal: abort.signal,
      });
      return await read(response, putOff);
    } catch (error) {
      throw error instanceof Unanswered ? error : new Unanswered(GONE);
    } finally {
      stop();
      this.open.delete(abort);
      until?.delete(abort);
    }
  }

  close(): void {
    this.isOver = true;
    for (const abort of this.open) {
      abort.abort();
    }
  }
}

interface How {
  readonly waitMs: number;
  /** Ends it, too. */
  readonly until?: Turn | undefined;
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What the server said. Throws Unanswered: a refusal, or not Kefu's. */
export async function answerOf(response: Response): Promise<unknown> {
  const answer = (await response.json()) as { readonly error?: Partial<Refusal> } | null;
  if (response.ok) {
    return answer;
  }
  const { code, message = "", retry_ms = null } = answer?.error ?? {};
  throw new Unanswered(code ? { code, message, retry_ms } : GONE);
}

function fill(route: string, form: Fields) {
  const [method = "", pattern = ""] = route.split(" ");
  const rest: Record<string, unknown> = { ...form };
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  return { method, path, rest };
}

function query(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === null
      ? []
      : [value].flat().map((one) => `${name}=${encodeURIComponent(String(one))}`),
  );
  return pairs.length ? `?${pairs.join("&")}` : "";
}
