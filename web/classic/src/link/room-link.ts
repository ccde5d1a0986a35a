/**
 * A place in the rooms protocol that outlives its sockets.
 *
 * Rules: a refusal ends it, every other loss is mended: it tries again, with growing and random
 * delays, under the same name; a visitor asks for a room again first. The protocol confirms no
 * join, so the link counts as in with the first ordinary frame, or when nothing was refused within
 * SETTLE_MS. It never sends anything twice.
 * Not here: what the frames mean to the page (room-page), when to stop (core/rooms-ending).
 */
import { retryDelayMs } from "shared/core/backoff";
import { afterClose, type Ending } from "../core/rooms-ending";
import {
  type Frame,
  type Identity,
  type RoomAnswer,
  readFrame,
  readRoomAnswer,
  roomAddress,
  sayFrame,
  socketAddress,
} from "../core/rooms-protocol";

const SETTLE_MS = 250;

/** No server answers for this long: give the attempt up. */
const OPEN_TIMEOUT_MS = 10_000;

export interface RoomEvents {
  /** In, for the first time or again. */
  joined(): void;
  /** The connection broke; the link tries to come back by itself. */
  lost(): void;
  heard(frame: Frame): void;
  /** It is over; `reason` is what the server said about it, or "". */
  ended(ending: Ending, reason: string): void;
}

/** Asks for an agent's room; null if no server answers. */
export async function askForRoom(visitor: string): Promise<RoomAnswer | null> {
  try {
    const signal = AbortSignal.timeout(OPEN_TIMEOUT_MS);
    const response = await fetch(roomAddress(visitor), { cache: "no-store", signal });
    return readRoomAnswer(response.ok, await response.text());
  } catch {
    return null;
  }
}

export class RoomLink {
  private readonly identity: Identity;
  private readonly events: RoomEvents;
  private readonly stopping = new AbortController();
  private socket: WebSocket | null = null;
  private timer = 0;
  private attempt = 0;
  private settled = false;
  /** When the connection was lost (`performance.now()`); null: not in yet, or in. */
  private lostAtMs: number | null = null;
  private everJoined = false;
  private early: Frame[] = [];

  constructor(identity: Identity, events: RoomEvents) {
    this.identity = identity;
    this.events = events;
    const { signal } = this.stopping;
    addEventListener("offline", () => this.renew(), { signal });
    addEventListener("online", () => this.hurry(), { signal });
  }

  open(): void {
    const socket = new WebSocket(socketAddress(location, this.identity));
    this.socket = socket;
    this.settled = false;
    this.early = [];
    this.after(OPEN_TIMEOUT_MS, () => socket.close());
    socket.onopen = () => this.after(SETTLE_MS, () => this.settle());
    socket.onmessage = (event) => this.read(readFrame(event.data));
    socket.onclose = (event) => this.closed(event.code);
  }

  /** Sends a line; false if there is no connection to send it on. */
  say(text: string): boolean {
    if (!this.settled || this.socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.socket.send(sayFrame(text));
    return true;
  }

  /** Ends the link without a word: the page needs it no longer. */
  leave(): void {
    this.stopping.abort();
    clearTimeout(this.timer);
    this.drop();
  }

  /** Treats the connection as dead, whatever the browser believes, and makes a new one. */
  renew(): void {
    if (this.socket) {
      this.drop();
      this.closed(1006);
    }
  }

  private read(frame: Frame | null): void {
    if (!frame) {
      return;
    }
    if (!this.settled && isRemark(frame)) {
      this.early.push(frame); // the reason of a refusal, if the close follows
      return;
    }
    this.settle();
    if (frame.kind === "close") {
      this.end("agent-left", "");
    } else {
      this.events.heard(frame);
    }
  }

  private settle(): void {
    if (this.settled) {
      return;
    }
    clearTimeout(this.timer);
    this.settled = true;
    this.everJoined = true;
    this.attempt = 0;
    this.lostAtMs = null;
    this.events.joined();
    for (const frame of this.early.splice(0)) {
      this.events.heard(frame);
    }
  }

  private closed(code: number): void {
    clearTimeout(this.timer);
    this.drop();
    if (this.everJoined) {
      this.lostAtMs ??= performance.now();
    }
    const lostForMs = this.lostAtMs === null ? null : performance.now() - this.lostAtMs;
    const next = afterClose({ code, lostForMs });
    if (next !== "retry") {
      const remark = this.early.at(-1);
      this.end(next, remark?.kind === "system" ? remark.text : "");
      return;
    }
    if (this.settled) {
      this.settled = false;
      this.events.lost();
    }
    this.after(retryDelayMs(this.attempt++, Math.random()), () => void this.comeBack());
  }

  private async comeBack(): Promise<void> {
    if (this.identity.role === "yonghu") {
      // Without a seat the visitor joins all the same and waits, so no answer stops this.
      await askForRoom(this.identity.name);
    }
    if (!this.stopping.signal.aborted && !this.socket) {
      this.open();
    }
  }

  /** The network is back: do not wait for the timer. */
  private hurry(): void {
    if (!this.socket && this.lostAtMs !== null) {
      this.after(0, () => void this.comeBack());
    }
  }

  private end(ending: Ending, reason: string): void {
    this.leave();
    this.events.ended(ending, reason);
  }

  private drop(): void {
    if (this.socket) {
      this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
      this.socket.close();
      this.socket = null;
    }
  }

  private after(delayMs: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, delayMs);
  }
}

function isRemark(frame: Frame): boolean {
  return frame.kind === "system" && !frame.notice;
}
