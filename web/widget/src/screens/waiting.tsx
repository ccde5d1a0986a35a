/**
 * A conversation whose code is on its way: what was said meanwhile, where the thread will show it.
 *
 * Rules: nothing of it moves once the thread is there, so there is room for what became of it.
 */
import type { App, Screen } from "../app";
import { IconButton } from "../parts/button";

export function Waiting(app: App): Screen {
  const { words } = app.first;
  return {
    top: (
      <>
        <div class="k-head">
          {app.host.isFrame && (
            <IconButton icon="close" label={app.text("close")} onClick={() => app.close()} />
          )}
        </div>
        <div class="k-body">
          <ol class="k-thread" aria-busy="true">
            {words.map(({ client_id, text }, n) => (
              <li
                key={client_id}
                class={`k-m me${n ? "" : " first"}${words[n + 1] ? "" : " last"}`}
                data-kefu="message"
                data-from="me"
                data-state="sending"
              >
                <div class="k-b" dir="auto">
                  <p class="k-plain">{text}</p>
                </div>
                {!words[n + 1] && <p class="k-meta" />}
              </li>
            ))}
          </ol>
        </div>
      </>
    ),
  };
}
