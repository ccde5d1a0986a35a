/**
 * What an inbox asks before the first message: at home, or on a screen of its own for somebody who has
 * conversations.
 *
 * Rules: one id for each form, so that it is one conversation however often it is sent. What was filled
 * in stays in this tab until the server has it, and what the server refuses stands at its field. What
 * the site has said of the visitor is not asked.
 * Not here: what is asked (ask.ts), sending (the client's outbox).
 */

import { IconButton } from "../parts/button";
import { Back } from "../parts/later";
import "../style/signals.css";
import "../style/more.css";
import "../style/form.css";
import type { Unsent } from "client";
import type { PublicConsent } from "protocol";
import { forget, recall, remember, thisTab } from "shared/view/memory";
import { type App, random, type Screen } from "../app";
import { type Asked, askedOf, type Known } from "../ask";
import { drawId } from "../first";
import { Avatar } from "../parts/avatar";
import { Heading } from "../parts/heading";
import { openingOf, words as openingWords } from "../screens/opening";
import type { Texts } from "../texts";
import { answersOf, CONSENT, EMAIL, type Filled, faultsOf, refusedOf, TEXT } from "./answers";
import { type AskedField, FieldList, focusFault } from "./fields";
import { Inline, type InlineProps } from "./inline";
import { inWords } from "./words";

const own = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?form",
  import: "default",
});
export const words = [own, openingWords];

const ID = "k-form";
const ID_BYTES = 16;
const ABOUT_ONE = ["email", "phone"];
/** So long without an answer is said. */
const SLOW_MS = 2_000;

interface Kept {
  readonly id: string;
  readonly values: Filled;
}

export function openForm(app: App): AskFirst {
  return new AskFirst(app);
}

export class AskFirst {
  private readonly app: App;
  private kept!: Kept;
  private faults: ReadonlyMap<string, string> = new Map();
  /** What is wrong with no field in particular. */
  private fault = "";
  private isStarting = false;
  private isSlow = false;

  constructor(app: App) {
    this.app = app;
    this.become();
  }

  /** What is asked of this visitor, now; null: nothing. */
  get asked(): Asked | null {
    const { inbox, memory } = this.app;
    const known = (memory.get("known") ?? "").split(" ") as unknown as Known;
    return askedOf(inbox, known, memory.get("agreed") !== null);
  }

  /** A form within a conversation. */
  fields(props: Omit<InlineProps, "app">) {
    return <Inline app={this.app} {...props} />;
  }

  /** Somebody else is here, or what was filled in is stored. */
  become(): void {
    const { app } = this;
    this.kept = read(recall(this.key, thisTab)) ?? {
      id: drawId(random(ID_BYTES)),
      values: { [TEXT]: recall(`${app.scope}.draft`, thisTab) },
    };
    this.faults = new Map();
    this.fault = "";
    this.isStarting = app.memory.get(`unsent.${this.kept.id}`) !== null;
  }

  screen(): Screen {
    const { app } = this;
    const asked = app.asks;
    const opening = app.inbox.open ? null : openingOf(app);
    return {
      top: (
        <>
          <div class="k-head">
            <Back app={app} />
            <div class="k-title">
              <Heading app={app} class="k-one">
                {app.text(asked?.isAway ? "form.leave" : "form.new")}
              </Heading>
              {opening && (
                <p>
                  {opening.at}
                  <br />
                  {opening.zone}
                </p>
              )}
            </div>
            {app.host.isFrame && (
              <IconButton icon="close" label={app.text("close")} onClick={() => app.close()} />
            )}
          </div>
          <div class="k-body k-pad">{this.body()}</div>
        </>
      ),
      foot: this.foot(),
    };
  }

  /** The fields. */
  body() {
    const { app } = this;
    const asked = app.asks;
    const title = app.inbox.prechat?.title;
    return (
      asked && (
        <form
          id={ID}
          class="k-stack"
          noValidate
          data-kefu={asked.isAway ? "offline" : "prechat"}
          onSubmit={this.send}
        >
          {title && <h2 dir="auto">{title}</h2>}
          {asked.isAway && <p>{app.text(app.inbox.mail ? "form.away" : "form.away.here")}</p>}
          {app.known?.name && (
            <div class="k-known">
              <Avatar who={{ role: "visitor", name: app.known.name, id: 0 }} />
              <p>{app.text("form.as", { name: app.known.name })}</p>
            </div>
          )}
          <FieldList
            app={app}
            id={ID}
            fields={this.fieldsOf(asked)}
            values={this.kept.values}
            faults={this.faults}
            onFill={(name, value) => this.fill(name, value)}
          />
        </form>
      )
    );
  }

  /** What sends them. */
  foot() {
    const { app, isStarting } = this;
    const { submit } = app.inbox.prechat ?? {};
    const go = submit || app.text(app.asks?.isAway ? "send" : "form.start");
    return (
      <div class="k-foot k-pad2">
        {this.fault && (
          <p class="k-err" role="alert">
            {this.fault}
          </p>
        )}
        {isStarting && this.isSlow && (
          <p class="k-help" role="status">
            {app.text("form.slow")}
          </p>
        )}
        <button
          class="k-btn main wide"
          type="submit"
          form={ID}
          data-kefu="send"
          aria-disabled={isStarting}
        >
          {isStarting && <span class="k-spin" aria-hidden="true" />}
          {isStarting ? app.text("form.starting") : go}
        </button>
      </div>
    );
  }

  /** What became of what was sent. */
  follow(): void {
    const { client } = this.app.talk.value ?? {};
    const own = client?.unsent(null).find(({ client_id }) => client_id === this.kept.id);
    if (own?.delivery === "failed") {
      this.refuse(own);
    } else if (client && this.isStarting && !own) {
      forget(this.key, thisTab);
      forget(`${this.app.scope}.draft`, thisTab);
      this.become();
      this.app.show("talk");
    }
  }

  /** The server did not take it: says why, at the field that it is about. */
  refuse({ client_id, text, more, reason = "" }: Unsent): void {
    const { app } = this;
    this.isStarting = false; // so that it is not taken for stored once it is dropped
    app.talk.value?.client.drop(client_id);
    if (client_id !== this.kept.id) {
      this.fill(TEXT, text); // it was said where nothing was asked yet
    }
    const { name, reason: said } = refusedOf(reason);
    // What this browser remembers of the visitor is not so any more.
    app.memory.remove(name === CONSENT ? "agreed" : "known");
    if (app.asks && this.fieldsOf(app.asks).some((field) => field.name === name)) {
      this.faults = new Map([[name, app.text("form.reason", { reason: said })]]);
    } else if (client_id === this.kept.id || more.answers) {
      this.fault = app.text("form.refused", { reason: said });
    }
    if (app.view === "talk") {
      app.show(app.known?.isLive ? "form" : "home");
    }
    this.showFaults();
  }

  private get key(): string {
    return `${this.app.scope}.form`;
  }

  private fieldsOf({ fields, needsEmail, consent }: Asked): readonly AskedField[] {
    const { app } = this;
    const words = fields.find(({ type }) => type === "textarea");
    // Who one is says nothing of what it is about.
    const isDue = fields.every(
      ({ name, type = "text" }) => name === "name" || ABOUT_ONE.includes(type),
    );
    const own: AskedField[] = [
      ...(needsEmail
        ? [{ name: EMAIL, type: "email", label: app.text("form.email"), required: true } as const]
        : []),
      ...(words
        ? []
        : [
            {
              name: TEXT,
              type: "textarea",
              label: app.text("form.text"),
              required: isDue,
              isWords: true,
            } as const,
          ]),
      ...(consent ? [this.consentField(consent)] : []),
    ];
    return [...fields.map((one) => (one === words ? { ...one, isWords: true } : one)), ...own];
  }

  private consentField({ text, privacy_page }: PublicConsent): AskedField {
    return {
      name: CONSENT,
      type: "checkbox",
      required: true,
      label: text || this.app.text("form.consent"),
      ...(privacy_page && { link: { text: this.app.text("form.privacy"), href: privacy_page } }),
    };
  }

  private fill(name: string, value: string | boolean): void {
    this.kept = { ...this.kept, values: { ...this.kept.values, [name]: value } };
    remember(this.key, JSON.stringify(this.kept), thisTab);
    this.app.changed();
  }

  private readonly send = (event: Event): void => {
    event.preventDefault();
    const { app } = this;
    const asked = app.asks;
    if (!asked || this.isStarting) {
      return;
    }
    const { id, values } = this.kept;
    this.fault = "";
    this.faults = inWords(app, faultsOf(this.fieldsOf(asked), values));
    if (this.faults.size) {
      this.showFaults();
      return;
    }
    const email = String(values[EMAIL] ?? "").trim();
    const answers = answersOf(asked.fields, values);
    this.isSlow = false;
    setTimeout(() => {
      this.isSlow = true;
      app.changed();
    }, SLOW_MS);
    remember(this.key, JSON.stringify(this.kept), thisTab);
    app.talk.value?.leave();
    app.begin(String(values[TEXT] ?? ""), {
      client_id: id,
      ...(asked.fields.length > 0 && { answers }),
      ...(asked.needsEmail && email && { email }),
      ...(asked.consent && { consent: true }),
    });
    this.isStarting = true; // it is there to be followed now
    app.changed();
  };

  private showFaults(): void {
    this.app.changed();
    queueMicrotask(() => focusFault(document));
  }
}

function read(kept: string): Kept | null {
  try {
    const value = JSON.parse(kept || "null");
    const isKept = typeof value?.id === "string" && typeof value.values === "object";
    return isKept ? value : null;
  } catch {
    return null;
  }
}
