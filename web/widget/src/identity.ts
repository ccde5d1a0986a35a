/**
 * Who the visitor is to the site, which says so with a token that it signed; or that nobody is.
 *
 * Rules: what one person said and has is kept under a name of its own, so that whoever comes next on
 * the same device finds nothing of it, in memory, in the page or in what is kept: from the moment that
 * the site says who is there, not only once the server agrees. What nobody in particular said becomes
 * the person's. Who goes leaves nothing here but words that were not sent yet, with what they are to
 * be sent under. Of two that are said one after the other the last one holds.
 * Not here: whether the token is right (the server).
 */
import type { Client } from "client/core";
import { nameOf } from "client/device";
import { Memory } from "client/memory";
import { isCode, Unanswered } from "client/wire";
import { retryDelayMs } from "shared/core/backoff";
import { forget, thisTab } from "shared/view/memory";
import { type App, storage } from "./app";

/** What is the browser's, whoever is there. */
const SHARED = ["scope", "sound"];

export class Identity {
  private readonly app: App;
  private readonly client: Client;
  /** One for each that is said: what an older one brings is dropped. */
  private turn = 0;

  constructor(app: App, client: Client) {
    this.app = app;
    this.client = client;
  }

  /** Resolves when the server took it. Rejects with `Unanswered`: refused, or another was said. */
  async be(token: string | null): Promise<void> {
    this.turn += 1;
    const person = token === null ? null : personOf(token);
    this.change(person);
    if (token !== null && person !== null) {
      await this.prove(token, this.turn);
      this.app.memory.set("person", person);
    }
  }

  /** Shows nothing any more of whoever else was here. */
  private change(person: string | null): void {
    const { app } = this;
    const before = app.memory.get("person");
    if (before === person || (before === null && person !== null)) {
      return; // the same, or nobody in particular becomes somebody
    }
    leave(app.memory, app.scope);
    const own = new Memory(storage(), app.widget);
    const isOwn = [null, person].includes(own.get("person"));
    const scope = isOwn ? app.widget : `${app.widget}~${person ?? ""}`;
    own.set("scope", scope);
    app.become(scope);
  }

  private async prove(jwt: string, turn: number): Promise<void> {
    for (let count = 0; turn === this.turn; count++) {
      try {
        await this.client.call("contact.identify", { jwt });
        break;
      } catch (error) {
        if (!isCode(error, "gone", "unavailable", "too_many") && turn === this.turn) {
          throw error;
        }
        const delayMs = error instanceof Unanswered ? error.retryMs : null;
        await new Promise((resolve) =>
          setTimeout(resolve, delayMs ?? retryDelayMs(Math.min(count, 3), Math.random())),
        );
      }
    }
    if (turn !== this.turn) {
      throw new Unanswered({ code: "gone", message: "somebody else is here", retry_ms: null });
    }
  }
}

/** Whose the token is, as the name under which things are kept. What it says is proved elsewhere. */
export function personOf(token: string): string {
  try {
    const claims = token.split(".")[1] ?? "";
    const { sub } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    return nameOf(String(sub));
  } catch {
    return nameOf(token);
  }
}

/** Takes away all that is kept of a person, unless words of theirs are still to be sent. */
function leave(memory: Memory, scope: string): void {
  const isWaiting = memory.keys("unsent.").length > 0;
  for (const key of memory.keys("").filter((one) => !SHARED.includes(one))) {
    const isNeeded = key.startsWith("unsent.") || ["device", "who", "person"].includes(key);
    if (!(isWaiting && isNeeded)) {
      memory.remove(key);
    }
  }
  for (const key of ["draft", "view", "form"]) {
    forget(`${scope}.${key}`, thisTab);
  }
}
