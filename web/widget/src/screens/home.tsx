/** What is seen first: who greets, and whether somebody is there. */
import type { App, Screen } from "../app";
import { Icon } from "../parts/icon";

export function Home(app: App): Screen {
  const { inbox, host } = app;
  return {
    top: (
      <>
        <header class="k-hello">
          <div class="k-hello-top">
            <span dir="auto">{inbox.name}</span>
            {host.isFrame && (
              <button
                class="k-icon"
                type="button"
                aria-label={app.text("close")}
                onClick={() => app.close()}
              >
                <Icon name="close" />
              </button>
            )}
          </div>
          <h2 dir="auto">{inbox.greeting || app.text("greeting")}</h2>
        </header>
        <div class="k-body k-pad" data-kefu="home" />
      </>
    ),
  };
}
