/**
 * What the team is told of the site's page while a conversation goes on: where the visitor is, and what
 * the site says of them. Loaded with the first that there is to tell.
 */
import type { Client } from "client/core";
import type { App } from "./app";
import type { Attributes } from "./fitting";
import { Paced } from "./paced";
import { fitPlace } from "./places";

/** A page's address may change with every step of a map; the team sees one in five seconds. */
const REPORT_MS = 2_000;

export class Reports {
  private readonly app: App;
  private readonly client: Client;
  /** What the team is not told yet. */
  private news: { isMoved?: true; said?: Attributes } = {};
  private readonly paced = new Paced(() => this.report(), REPORT_MS);

  constructor(app: App, client: Client) {
    this.app = app;
    this.client = client;
  }

  /** Somebody else is here. */
  become(): void {
    this.news = {};
    this.paced.drop();
  }

  /** The visitor is on another page of the site. */
  moved(): void {
    this.news.isMoved = true;
    this.paced.ask();
  }

  /** The site says something of the visitor. */
  described(attributes: Attributes): void {
    this.news.said = { ...this.news.said, ...attributes };
    void this.app.fitting.get().then(() => this.paced.ask());
  }

  private report(): void {
    const { app } = this;
    const { live } = this.client;
    const { isMoved, said } = this.news;
    const attributes = said && app.fitting.value?.fitChanges(app.attributes, said);
    this.news = said && !attributes ? { said } : {};
    if (live) {
      const place = isMoved && app.place && fitPlace(app.place);
      // What did not arrive is told with the next page.
      const form = { conversation: live.id, ...place, ...(attributes && { attributes }) };
      this.client.call("conversation.page", form).catch(() => undefined);
    }
  }
}
