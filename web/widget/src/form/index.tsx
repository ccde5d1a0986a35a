/** What an inbox asks before the first message. */
import type { App, Screen } from "../app";

export function openForm(app: App) {
  return new AskFirst(app);
}

class AskFirst {
  private readonly app: App;

  constructor(app: App) {
    this.app = app;
  }

  body() {
    return <div data-kefu="prechat" dir={this.app.inbox.dir} />;
  }

  foot() {
    return null;
  }

  become(): void {}

  screen(): Screen {
    return { top: <div class="k-body k-pad">{this.body()}</div> };
  }
}
