/**
 * The way to the server where WebSocket is barred: commands as requests, and a feed beside them.
 *
 * Rules: what the socket's `feed.open` answers is put together of requests, so that whoever follows
 * need not know: the cursor first, then what stands, then what happened since.
 * Not here: requests (http), the feed (tabs, source).
 */
import type {
  CommandName,
  Conversation,
  FeedPage,
  ListConversations,
  OpenFeed,
  Routes,
  Status,
} from "protocol";
import { Http } from "./http";
import type { Ports } from "./ports";
import { Tabs } from "./tabs";
import {
  type Ending,
  isCode,
  type MakeWire,
  type Unanswered,
  type Whose,
  type Wire,
  type WireEvents,
} from "./wire";

const PAGE = 100;
const LIVE: readonly Status[] = ["queued", "open", "pending", "snoozed"];

/** `routes`: of the commands that may be asked. */
export function fallbackOn(routes: Routes): MakeWire {
  return (ports, whose, events) => new FallbackWire(ports, whose, events, routes);
}

class FallbackWire implements Wire {
  readonly kind = "http";
  private readonly ports: Ports;
  private readonly whose: Whose;
  private readonly http: Http;
  private readonly events: WireEvents;
  private isTeam = false;
  private tabs: Tabs | null = null;
  private isOver = false;

  constructor(ports: Ports, whose: Whose, events: WireEvents, routes: Routes) {
    this.ports = ports;
    this.whose = whose;
    this.events = events;
    this.http = new Http(ports, whose, routes);
    void this.begin();
  }

  ask(name: CommandName, form: object, key?: string): Promise<unknown> {
    return this.http.ask(name, form as never, { key });
  }

  async page({ cursor }: OpenFeed): Promise<FeedPage> {
    if (cursor) {
      return this.http.ask("event.list", { cursor });
    }
    const { cursor: now } = await this.http.ask("event.list", {});
    const status = this.isTeam ? { status: LIVE } : {};
    const conversations: Conversation[] = [];
    let next: string | undefined;
    do {
      const from: ListConversations = next === undefined ? {} : { cursor: next };
      const page = await this.http.ask("conversation.list", { ...status, limit: PAGE, ...from });
      conversations.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    return { cursor: now, conversations, more: true };
  }

  follow(position: () => string | null): void {
    const { ports, http, events } = this;
    const { name } = this.whose;
    if (!this.isOver) {
      this.tabs?.close();
      this.tabs = new Tabs({ ports, http, name, position }, events, (error) => this.end(error));
      this.tabs.start();
    }
  }

  check(): void {
    // a request that is not answered says so by itself
  }

  close(): void {
    this.isOver = true;
    this.tabs?.close();
    this.http.close();
  }

  private async begin(): Promise<void> {
    try {
      const { agent, visitor } = await this.http.ask("session.me", {});
      this.isTeam = agent !== undefined;
      if (!this.isOver) {
        const { id = 0, name = "" } = agent ?? visitor ?? {};
        this.events.up({ role: agent?.role ?? "visitor", id, name });
      }
    } catch (error) {
      this.end(error as Unanswered);
    }
  }

  private end(error: Unanswered): void {
    if (!this.isOver) {
      this.close();
      this.events.ended(endingOf(error));
    }
  }
}

function endingOf(error: Unanswered): Ending {
  const { code } = error;
  if (isCode(error, "unauthenticated")) {
    return { comeback: "renew", code };
  }
  if (isCode(error, "not_allowed", "bad_input")) {
    return { comeback: "stop", code };
  }
  return { comeback: "retry", code };
}
