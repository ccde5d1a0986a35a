/** A conversation whose code is on its way: what was said meanwhile. */
import type { App, Screen } from "../app";

export function Waiting(app: App): Screen {
  return {
    top: (
      <>
        <div class="k-head" />
        <div class="k-body">
          <ol class="k-thread" aria-busy="true">
            {app.first.words.map(({ client_id, text }) => (
              <li
                key={client_id}
                class="k-m me first last"
                data-kefu="message"
                data-from="me"
                data-state="sending"
              >
                <div class="k-b">{text}</div>
              </li>
            ))}
          </ol>
        </div>
      </>
    ),
  };
}
