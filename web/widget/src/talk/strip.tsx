/**
 * The one line above what one writes: the way to a person, and who sees what is typed. Loaded where a
 * program answers, or the inbox sees what is typed.
 */
import "../style/more.css";
import { drawId } from "client/device";
import { Component } from "preact";
import { random } from "../app";
import { Drawn } from "../parts/icon";
import { EYE } from "../rich/icons";
import type { Texts } from "../texts";
import type { Talk } from "./talk";

export const words = import.meta.glob<Texts>("../../../../src/kefu/widget/locales/*.json", {
  query: "?strip",
  import: "default",
});

const PERSON =
  "M10 3.5a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6zM3.8 17c.5-3.3 3-5 6.2-5s5.7 1.7 6.2 5";

interface Props {
  readonly talk: Talk;
}

export class Strip extends Component<Props, { readonly isAsking: boolean }> {
  override render({ talk }: Props) {
    const { app, partner } = talk;
    return talk.isWithBot ? (
      <div class="k-strip">
        <span class="k-grow">{app.text("strip.program")}</span>
        <button
          class="k-btn"
          type="button"
          aria-disabled={this.state.isAsking ?? false}
          onClick={() => this.askPerson()}
        >
          <Drawn path={PERSON} class="k-i s" />
          {app.text("strip.person")}
        </button>
      </div>
    ) : (
      <div class="k-strip">
        <Drawn path={EYE} class="k-i s" />
        <span class="k-grow">
          {app.text("strip.preview", { name: partner?.name ?? app.inbox.name })}
        </span>
      </div>
    );
  }

  /** Asks for a person in the place of a program. */
  private askPerson(): void {
    const { chat, client } = this.props.talk;
    if (chat && !this.state.isAsking) {
      this.setState({ isAsking: true });
      const done = () => this.setState({ isAsking: false });
      const form = { conversation: chat.id };
      client.call("conversation.ask_person", form, drawId(random)).then(done, done);
    }
  }
}
