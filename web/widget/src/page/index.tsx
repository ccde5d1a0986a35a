/**
 * The chat as a page of its own: what a letter's link opens, and what there is to say where no chat is.
 *
 * Rules: a link is used once the person wants that: it may be somebody else's. One that has expired is
 * no reason not to chat, nor is one that is damaged, once that was said. Before it is clear which
 * conversation is meant, nothing connects.
 * Not here: which token a letter's conversation has (letters).
 */
import "../style/signals.css";
import "../style/more.css";
import "../style/page.css";
import type { Opened, PublicInbox } from "protocol";
import { retryDelayMs } from "shared/core/backoff";
import { type Answer, ask, isPassing, type Request } from "shared/link/api";
import { dropLink, takeLink } from "shared/link/one-time";
import type { App, Screen } from "../app";
import type { TextKey, Texts } from "../texts";
import { systemTheme } from "../theme";
import { Languages } from "./languages";
import { Letters } from "./letters";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?page",
  import: "default",
});

/** What is shown in the chat's place. */
interface Question {
  readonly title: TextKey;
  readonly about: TextKey;
  readonly answers: readonly { readonly text: TextKey; readonly act: () => void }[];
}

/** A letter's conversation that could be opened, or why not; null: there was no link. */
type Linked = number | string | null;

export class AloneAsPage {
  private readonly app: App;
  private readonly letters: Letters;
  private question: Question | null = null;
  private notice: TextKey | null = null;
  /** It is clear whose conversation it is. */
  private isEntered = false;

  constructor(app: App) {
    this.app = app;
    this.letters = new Letters(app.memory, app.scope);
  }

  /** Under which name this browser keeps what is written: one's own, or what is of the letter. */
  get scope(): string {
    return this.letters.scope;
  }

  /** There is something to show. */
  get isShown(): boolean {
    return this.isEntered || this.question !== null;
  }

  /** Resolves once the chat may begin: with the conversation to show, or null for one's own. */
  async enter(inbox: PublicInbox | null): Promise<number | null> {
    document.title = inbox?.name ?? "Kefu";
    if (!inbox) {
      document.documentElement.lang = this.app.locale;
      document.body.dataset.theme = systemTheme();
      return this.stop("page.missing");
    }
    if (inbox.identity_required) {
      return this.stop("page.identity");
    }
    const linked = await this.follow(takeLink(`chat.${this.app.widget}`));
    if (linked === "not_allowed") {
      return this.stop("page.blocked");
    }
    dropLink(`chat.${this.app.widget}`);
    if (typeof linked === "string") {
      this.notice = linked === "illegal_state" ? "page.link.used" : "page.link.expired";
    }
    this.isEntered = true;
    return typeof linked === "number" ? linked : null;
  }

  /** In the chat's place, as long as something is asked; null: the chat itself. */
  screen(): Screen | null {
    const { app, question } = this;
    if (!question) {
      return null;
    }
    const { title, about, answers } = question;
    const [first, ...others] = answers;
    return {
      foot: null,
      top: (
        <section class="k-body k-pad k-asked" aria-labelledby="asked">
          <h1 id="asked">{app.text(title)}</h1>
          <p>{app.text(about)}</p>
          {first && (
            <button class="k-btn main wide" type="button" onClick={first.act}>
              {app.text(first.text)}
            </button>
          )}
          {others.map(({ text, act }) => (
            <button key={text} class="k-btn wide" type="button" onClick={act}>
              {app.text(text)}
            </button>
          ))}
        </section>
      ),
    };
  }

  /** Above the chat: its languages, and whose conversation it is. */
  bars() {
    const { app } = this;
    return (
      <>
        <Languages app={app} />
        {this.letters.isAside && (
          <p class="k-bar" role="status">
            {app.talk.value?.loss !== "afresh" && app.text("page.aside")}
            <button class="k-link" type="button" onClick={this.goBack}>
              {app.text("page.aside.back")}
            </button>
          </p>
        )}
        {this.notice && (
          <p class="k-bar" role="status">
            {app.text(this.notice)}
            <button class="k-link" type="button" onClick={this.dismiss}>
              {app.text("page.read")}
            </button>
          </p>
        )}
      </>
    );
  }

  private readonly goBack = (): void => {
    this.letters.takeBack();
    location.reload();
  };

  private readonly dismiss = (): void => {
    this.notice = null;
    this.app.changed();
  };

  private async follow(found: string | null): Promise<Linked> {
    if (found === "damaged") {
      await this.ask("page.damaged", ["page.damaged.on"]);
      return null;
    }
    if (found === null) {
      return null;
    }
    const isWanted =
      this.letters.isOpened(found) ||
      (await this.ask("page.asking", ["page.asking.yes", "page.asking.no"])) === "page.asking.yes";
    return isWanted ? this.use(found) : null;
  }

  private async use(link: string): Promise<number | string> {
    let used = await answer<Opened>(this.linkFor(this.letters.token, link));
    if (used.kind === "refused" && used.error.code === "conflict") {
      // This browser is somebody else: the letter's conversation gets a token of its own.
      used = await answer<Opened>(this.linkFor(this.letters.setAside(), link));
      if (used.kind !== "ok") {
        this.letters.takeBack();
      }
    }
    if (used.kind !== "ok") {
      return used.error.code;
    }
    this.letters.opened(link, used.ok.contact);
    return used.ok.conversation.id;
  }

  private linkFor(token: string, link: string): Request {
    const headers = { authorization: `Bearer ${token}`, "x-kefu-widget": this.app.widget };
    return { method: "POST", path: "/chat-link", body: { link }, headers };
  }

  /** Shows a question until one of its answers is pressed; returns which. */
  private ask(
    title: "page.damaged" | "page.asking",
    answers: readonly TextKey[],
  ): Promise<TextKey> {
    return new Promise((resolve) => {
      const close = (text: TextKey) => () => {
        this.question = null;
        this.app.changed();
        resolve(text);
      };
      const said = answers.map((text) => ({ text, act: close(text) }));
      this.question = { title, about: `${title}.about`, answers: said };
      this.app.changed();
    });
  }

  /** Says why there is no chat, for good. */
  private stop(title: "page.missing" | "page.identity" | "page.blocked"): Promise<never> {
    this.question = { title, about: `${title}.about`, answers: [] };
    this.app.changed();
    return new Promise(() => undefined);
  }
}

/** Asks until there is an answer that stands. */
async function answer<T>(request: Request): Promise<Exclude<Answer<T>, { kind: "unreachable" }>> {
  for (let attempt = 0; ; attempt += 1) {
    const answered = await ask<T>(request);
    if (answered.kind !== "unreachable" && !isPassing(answered)) {
      return answered;
    }
    await new Promise((resolve) => setTimeout(resolve, retryDelayMs(attempt, Math.random())));
  }
}
