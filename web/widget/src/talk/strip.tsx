/**
 * The one line above what one writes: the way to a person, and who sees what is typed.
 *
 * Rules: it is a part of every conversation, not loaded after: where it came later, what was said would
 * move under the eyes of who reads it.
 */
import { drawId } from "client/device";
import { Component } from "preact";
import { random } from "../app";
import { Drawn } from "../parts/icon";
import { EYE } from "./icons";
import type { Talk } from "./talk";

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
        <span class="k-grow">{app.text("talk.program")}</span>
        <button
          class="k-btn"
          type="button"
          aria-disabled={this.state.isAsking ?? false}
          onClick={() => this.askPerson()}
        >
          <Drawn path={PERSON} class="k-i s" />
          {app.text("talk.person")}
        </button>
      </div>
    ) : (
      <div class="k-strip">
        <Drawn path={EYE} class="k-i s" />
        <span class="k-grow">
          {app.text("talk.preview", { name: partner?.name ?? app.inbox.name })}
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
