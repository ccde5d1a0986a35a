/** A client of Kefu for pages, workers and Node.js: docs/client.md. */
import { teamRoutes, visitorRoutes } from "protocol";
import { Client, type ClientOptions } from "./client";
import { fallbackOn } from "./fallback";

export type * from "protocol";
export { TYPING_MS } from "protocol";
export type { Chat } from "./chat";
export type { Client, ClientEvents, Identity, Notice, Status } from "./client";
export type { More, Unsent } from "./outbox";
export { type Ports, portsOf, type Scope } from "./ports";
export { Unanswered } from "./wire";

export type Options = Omit<ClientOptions, "fallback">;

/** Connects, over HTTP where WebSocket is barred. */
export function connect(options: Options): Client {
  const routes = options.side === "team" ? teamRoutes : visitorRoutes;
  return new Client({ ...options, fallback: () => fallbackOn(routes) });
}
