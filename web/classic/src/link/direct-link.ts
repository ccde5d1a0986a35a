/**
 * A login in the direct protocol that outlives its connections.
 *
 * Rules: Socket.IO reconnects by itself; this logs in again under the same name. One's own name
 * may look taken for a moment then, until the server has found the old connection dead, so the
 * login is repeated for OWN_GHOST_MS. Nothing said is ever sent twice.
 * Not here: who said what (core/contacts).
 */

import { FIRST_DELAY_MS, LONGEST_DELAY_MS } from "shared/core/backoff";
import { io, type Socket } from "socket.io-client";
import type { DirectMessage } from "../core/contacts";

/** The server decides within 2 s whether the old connection lives. */
const OWN_GHOST_MS = 3_000;
const AGAIN_MS = 500;

export interface DirectEvents {
  loggedIn(): void;
  lost(): void;
  /** The login was refused for good; `reason` in the server's words, "" if it cannot be reached. */
  refused(reason: string): void;
  listed(names: readonly string[]): void;
  said(message: DirectMessage): void;
  /** The server refused a message. */
  failed(reason: string): void;
}

export class DirectLink {
  private readonly socket: Socket;
  private readonly events: DirectEvents;
  private readonly name: string;
  private everLoggedIn = false;
  private connectedAtMs = 0;
  private timer = 0;

  constructor(name: string, events: DirectEvents) {
    this.name = name;
    this.events = events;
    this.socket = io({
      forceNew: true,
      reconnectionDelay: FIRST_DELAY_MS,
      reconnectionDelayMax: LONGEST_DELAY_MS,
    });
    this.listen();
  }

  /** Sends a message; false if there is no connection to send it on. */
  say(to: string, message: string): boolean {
    if (this.socket.connected) {
      this.socket.emit("private_message", { to, message });
    }
    return this.socket.connected;
  }

  leave(): void {
    clearTimeout(this.timer);
    this.socket.off();
    this.socket.disconnect();
  }

  private listen(): void {
    const { socket, events } = this;
    socket.on("connect", () => {
      this.connectedAtMs = performance.now();
      this.login();
    });
    socket.on("disconnect", (why) => {
      events.lost();
      if (why === "io server disconnect") {
        socket.connect(); // the one case that Socket.IO leaves to its user
      }
    });
    socket.on("connect_error", () => {
      if (!this.everLoggedIn) {
        this.refuse("");
      }
    });
    socket.on("login_success", () => {
      this.everLoggedIn = true;
      events.loggedIn();
    });
    socket.on("login_error", (reason: unknown) => this.loginFailed(String(reason)));
    socket.on("user_list", (names: unknown) => events.listed(Array.isArray(names) ? names : []));
    socket.on("message", (message: DirectMessage) => events.said(message));
    socket.on("error", (reason: unknown) => events.failed(String(reason)));
  }

  private login(): void {
    this.socket.emit("login", this.name);
  }

  private loginFailed(reason: string): void {
    if (this.everLoggedIn && performance.now() - this.connectedAtMs < OWN_GHOST_MS) {
      this.timer = setTimeout(() => this.login(), AGAIN_MS);
    } else {
      this.refuse(reason);
    }
  }

  private refuse(reason: string): void {
    this.leave();
    this.events.refused(reason);
  }
}
