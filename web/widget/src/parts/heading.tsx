/** What a screen is called: the page's own heading, or one within a site's page. It takes the focus. */
import type { ComponentChildren } from "preact";
import type { App } from "../app";

interface Props {
  readonly app: App;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function Heading({ app, class: kind, children }: Props) {
  const Level = app.host.isFrame ? "h2" : "h1";
  return (
    <Level class={kind} dir="auto" tabIndex={-1} data-focus>
      {children}
    </Level>
  );
}
