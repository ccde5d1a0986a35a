/**
 * How it was: asked in the composer's place once a conversation has ended.
 *
 * Rules: a tap sends the score, the comment is extra. It is asked after its own conversation, once; one
 * that goes on again is not asked about. What comes late says of when it is.
 */
import { isCode } from "client/wire";
import { momentOf } from "shared/i18n/times";
import { Drawn } from "../parts/icon";
import { CHECK } from "../talk/icons";
import type { TextKey } from "../texts";
import type { Rich } from "./rich";
import type { Seldom } from "./seldom";

const EYES = "M9.6 11.1h.8v.8h-.8zM17.6 11.1h.8v.8h-.8z";
const BOLD = 2.4;
const ROUND = "M14 3a11 11 0 1 0 0 22 11 11 0 0 0 0-22z";
const FACES = [
  `${ROUND}M9 20c1.2-2.4 3-3.4 5-3.4s3.8 1 5 3.4M8.5 10.5l3.2 1.6M19.5 10.5l-3.2 1.6`,
  `${ROUND}M9.8 18.8c1.1-1.4 2.5-2 4.2-2s3.1.6 4.2 2`,
  `${ROUND}M9.8 17.6h8.4`,
  `${ROUND}M9.5 16.5c1.2 1.7 2.7 2.5 4.5 2.5s3.3-.8 4.5-2.5`,
  `${ROUND}M8.5 15.5h11c-.5 3.2-2.7 5-5.5 5s-5-1.8-5.5-5z`,
];
const LATE_MS = 3_600_000;
const PAUSE_MS = 700;
const MOST_CHARS = 2_000;

export class Rating {
  private readonly seldom: Seldom;
  /** The conversation that this is about. */
  private about = 0;
  private score = 0;
  private comment = "";
  private isThanked = false;
  private fault: TextKey | null = null;
  private sending: Promise<void> = Promise.resolve();
  private timer = 0;

  constructor(seldom: Seldom) {
    this.seldom = seldom;
  }

  foot() {
    const { conversation } = this.rich.talk;
    if (!conversation) {
      return undefined;
    }
    this.take(conversation.id, conversation.rating);
    return this.isThanked ? this.thanks() : this.question();
  }

  become(): void {
    clearTimeout(this.timer);
    this.about = 0;
  }

  private get rich(): Rich {
    return this.seldom.rich;
  }

  private take(id: number, given: number | undefined): void {
    if (id !== this.about) {
      this.about = id;
      this.score = given ?? 0;
      this.comment = "";
      this.fault = null;
      this.isThanked = given !== undefined;
    }
  }

  private question() {
    const { app, talk } = this.rich;
    const { score, fault } = this;
    const name = talk.partner?.name;
    const ended = talk.endedAt;
    const isLate = ended && Date.now() - Date.parse(ended) > LATE_MS;
    return (
      <form class="k-rate" data-kefu="rating" onSubmit={this.send}>
        <h2>{name ? app.text("seldom.rate.with", { name }) : app.text("seldom.rate")}</h2>
        {isLate && (
          <p class="k-late">
            {app.text("seldom.rate.ended", { when: momentOf(new Date(ended), talk.habit) })}
          </p>
        )}
        <fieldset>
          <legend class="k-sr">{app.text("seldom.rate")}</legend>
          <div class="k-faces">
            {FACES.map((path, at) => (
              <label key={path} class="k-face">
                <input
                  type="radio"
                  name="k-score"
                  value={at + 1}
                  checked={score === at + 1}
                  onClick={({ detail }) => this.choose(at + 1, detail ? 0 : PAUSE_MS)}
                />
                <i>
                  <svg class="k-i l" viewBox="0 0 28 28" aria-hidden="true">
                    <path d={path} />
                    {at > 0 && <path d={EYES} stroke-width={BOLD} />}
                  </svg>
                </i>
                <span>{app.text(`seldom.rate.${at + 1}` as TextKey)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {fault && (
          <p class="k-err" role="alert">
            {app.text(fault)}
          </p>
        )}
        {score ? this.more() : this.ways()}
      </form>
    );
  }

  private ways() {
    const { app, talk } = this.rich;
    return (
      <div class="k-ends">
        <button
          class="k-btn text"
          type="button"
          onClick={() => this.leave(() => talk.writeAgain())}
        >
          {app.text("seldom.again")}
        </button>
        <button class="k-btn text" type="button" onClick={() => this.leave(() => talk.notNow())}>
          {app.text("seldom.rate.later")}
        </button>
      </div>
    );
  }

  private more() {
    const { app, talk } = this.rich;
    return (
      <>
        <div class="k-field">
          <label class="k-legend" for="k-comment">
            <span>{app.text("seldom.rate.comment")}</span>
            <i>{app.text("seldom.optional")}</i>
          </label>
          <textarea
            class="k-in"
            id="k-comment"
            rows={2}
            maxLength={MOST_CHARS}
            value={this.comment}
            onInput={({ currentTarget }) => {
              this.comment = currentTarget.value;
            }}
          />
        </div>
        <div class="k-row">
          <button class="k-btn main k-grow" type="submit">
            {app.text("send")}
          </button>
          <button
            class="k-btn text"
            type="button"
            onClick={() => this.leave(() => talk.writeAgain())}
          >
            {app.text("seldom.again")}
          </button>
        </div>
      </>
    );
  }

  private thanks() {
    const { app, talk } = this.rich;
    const { keeping } = this.seldom.asks;
    const name = talk.partner?.name;
    return (
      <div class="k-rate" data-kefu="rating">
        <p class="k-thanks" role="status">
          <Drawn path={CHECK} />
          <span>
            {name ? app.text("seldom.rate.thanks", { name }) : app.text("seldom.rate.thanks.all")}
          </span>
        </p>
        <div class="k-ends">
          <button class="k-btn text" type="button" onClick={keeping.act}>
            {keeping.text}
          </button>
          <button class="k-btn text" type="button" onClick={() => app.startNew()}>
            {app.text("seldom.new")}
          </button>
        </div>
      </div>
    );
  }

  /** `waitMs`: arrow keys pass by others. */
  private choose(score: number, waitMs: number): void {
    this.score = score;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.tell(), waitMs);
    this.rich.app.changed();
  }

  private readonly send = async (event: Event): Promise<void> => {
    event.preventDefault();
    clearTimeout(this.timer);
    this.tell();
    await this.sending;
    this.isThanked = this.fault === null;
    this.rich.app.changed();
  };

  /** Says it, after what was said before. */
  private tell(): void {
    const { app, talk } = this.rich;
    const { about: conversation, score } = this;
    const comment = this.comment.trim();
    this.sending = this.sending.then(async () => {
      try {
        const form = { conversation, score, ...(comment && { comment }) };
        await talk.client.change(conversation, { rating: score }, "conversation.rate", form);
        this.fault = null;
        const detail = { conversation, score };
        app.host.tell({ kefu: 1, type: "event", name: "rated", detail });
      } catch (error) {
        this.fault = isCode(error, "illegal_state") ? "seldom.rate.late" : "seldom.fault";
      }
      app.changed();
    });
  }

  /** The composer is back. */
  private leave(act: () => void): void {
    this.about = 0;
    act();
    queueMicrotask(() => this.rich.app.composer?.focus());
  }
}
