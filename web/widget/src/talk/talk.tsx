/**
 * One conversation that is shown, over a connection of its own.
 *
 * Rules: what is shown is made of the client's copy, all of it, after each change.
 */

import type { Chat, More } from "client";
import { Client } from "client/core";
import { portsOf } from "client/ports";
import type { App, Screen } from "../app";
import { Icon } from "../parts/icon";

export class Talk {
  readonly client: Client;
  private readonly app: App;
  private chat: Chat | null = null;
  private isNew = false;

  constructor(app: App) {
    this.app = app;
    this.client = new Client({
      url: location.origin,
      side: "visitor",
      widget: app.widget,
      scope: app.scope,
      ports: portsOf(window),
      fallback: async () => (await import("./fallback")).fallback,
      about: () => app.about(),
    });
    this.client.on("begun", ({ id }) => {
      this.isNew = false;
      this.chat = this.client.open(id);
    });
    this.client.on("change", () => this.changed());
  }

  say(text: string, more: More = {}): void {
    this.client.say(text, this.chat?.id ?? null, more);
  }

  open(id: number): void {
    this.chat?.close();
    this.chat = this.client.open(id);
    this.app.show("talk");
  }

  /** What is written now begins a conversation. */
  startNew(): void {
    this.chat?.close();
    this.chat = null;
    this.isNew = true;
  }

  /** Whether it is looked at has changed. */
  shown(): void {
    this.chat?.mark(this.app.isSeen);
  }

  escape(): boolean {
    return false;
  }

  /** Somebody else is here. */
  become(): void {
    this.chat = null;
    this.isNew = false;
    this.client.become({ widget: this.app.widget, scope: this.app.scope });
  }

  dispose(): void {
    this.client.dispose();
  }

  typed(text: string): void {
    this.chat?.type(this.app.inbox.preview ? text : undefined);
  }

  screen(): Screen {
    const messages = this.chat?.thread?.messages ?? [];
    const unsent = this.client.unsent(this.chat?.id ?? null);
    return {
      top: (
        <>
          <header class="k-head">
            <button
              class="k-icon"
              type="button"
              aria-label={this.app.text("back")}
              onClick={() => this.app.show("home")}
            >
              <Icon name="back" flips />
            </button>
            <div class="k-title">
              <h2 class="k-one" tabIndex={-1} data-focus>
                {this.app.inbox.name}
              </h2>
            </div>
          </header>
          <div class="k-body">
            <ol class="k-thread">
              {messages
                .filter(({ type }) => type === "message")
                .map(({ seq, client_id, text, sender }) => (
                  <li
                    key={client_id ?? seq}
                    class="k-m first last"
                    data-kefu="message"
                    data-from={sender.role === "visitor" ? "me" : "team"}
                    data-state="sent"
                  >
                    <div class="k-b">{text}</div>
                  </li>
                ))}
              {unsent.map(({ client_id, text }) => (
                <li
                  key={client_id}
                  class="k-m me first last"
                  data-kefu="message"
                  data-from="me"
                  data-state="sending"
                >
                  <div class="k-b">{text}</div>
                </li>
              ))}
            </ol>
          </div>
        </>
      ),
    };
  }

  private changed(): void {
    const [newest] = this.client.conversations;
    if (!this.chat && !this.isNew && newest) {
      this.chat = this.client.open(newest.id);
    }
    this.shown();
    this.app.talkChanged();
  }
}
