/**
 * The rooms protocol's addresses and frames, to and from values.
 *
 * Rules: pure; the words on the wire are the protocol's own (docs/protocol/rooms.md).
 * Not here: sockets (link/room-link), who said what when (core/thread).
 */

export type Role = "kefu" | "yonghu";

export interface Identity {
  readonly role: Role;
  readonly name: string;
  /** An agent's token where the server asks for one; "" = none. */
  readonly token: string;
}

/** A system line with a meaning this page knows; `name` is whom it is about. */
export interface Notice {
  readonly kind: "serving" | "visitor-entered" | "visitor-left" | "agent-left" | "no-agent";
  readonly name: string;
}

export type Frame =
  | { readonly kind: "said"; readonly sender: string; readonly text: string }
  /** A line of the system; without a notice it is the server's own remark, such as a refusal. */
  | { readonly kind: "system"; readonly text: string; readonly notice: Notice | null }
  /** The agent left: the page is to close its socket. */
  | { readonly kind: "close" };

const NOTICES: readonly (readonly [Notice["kind"], RegExp])[] = [
  ["serving", /^客服-(.*)-将为您服务$/],
  ["visitor-entered", /^用户-(.*)-已进入房间$/],
  ["visitor-left", /^用户-(.*)-已退出房间$/],
  ["agent-left", /^客服-(.*)-已退出房间$/],
  ["no-agent", /^暂无客服，请稍后再试$/],
];

/** Reads a frame from the server; null if it is none of the protocol's. */
export function readFrame(data: unknown): Frame | null {
  const { neiRong: text, shuiFaDe: sender } = parseObject(data);
  if (typeof text !== "string" || typeof sender !== "string") {
    return null;
  }
  if (sender === "code") {
    return text === "close" ? { kind: "close" } : null;
  }
  return sender === "系统"
    ? { kind: "system", text, notice: readNotice(text) }
    : { kind: "said", sender, text };
}

/** What a system line means; null if it is a remark. */
export function readNotice(text: string): Notice | null {
  for (const [kind, pattern] of NOTICES) {
    const match = pattern.exec(text);
    if (match) {
      return { kind, name: match[1] ?? "" };
    }
  }
  return null;
}

export function sayFrame(text: string): string {
  return JSON.stringify({ neiRong: text });
}

export function socketAddress(page: Location, { role, name, token }: Identity): string {
  const query = new URLSearchParams({ type: role, name, ...(token && { token }) });
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}/?${query}`;
}

export function roomAddress(visitor: string): string {
  return `/getroom?${new URLSearchParams({ userName: visitor })}`;
}

/** No room: `bad-name` for a name one cannot have now; `reason` is the server's, "" if none. */
export interface Refusal {
  readonly kind: "bad-name" | "refused";
  readonly reason: string;
}

/** What `/getroom` answered. */
export type RoomAnswer = { readonly kind: "seat" } | { readonly kind: "no-agent" } | Refusal;

export function readRoomAnswer(ok: boolean, body: string): RoomAnswer {
  const { room, error } = parseObject(body);
  if (ok) {
    return { kind: room === true ? "seat" : "no-agent" };
  }
  const { code, message: reason } = asObject(error);
  return {
    kind: code === "bad_name" || code === "name_taken" ? "bad-name" : "refused",
    reason: typeof reason === "string" ? reason : "",
  };
}

function parseObject(data: unknown): Record<string, unknown> {
  try {
    return asObject(typeof data === "string" ? JSON.parse(data) : null);
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
