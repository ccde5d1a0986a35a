/** A conversation whose code is on its way: its head, and what was said meanwhile. */
import type { App, Screen } from "../app";
import { Heading } from "../parts/heading";

export function Waiting(app: App): Screen {
  return {
    top: (
      <>
        <div class="k-head">
          <div class="k-title">
            <Heading app={app} class="k-one">
              {app.inbox.name}
            </Heading>
          </div>
        </div>
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
