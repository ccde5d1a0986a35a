// React takes over the whole document, as Next.js does; the widget may be there before it.
import { createElement as make, useState } from "react";
import { hydrateRoot } from "react-dom/client";

function Page() {
  const [count, add] = useState(0);
  return make(
    "html",
    { lang: "en" },
    make("head", null, make("title", null, "Harbour & Oak")),
    make("body", null, make("button", { id: "count", onClick: () => add(count + 1) }, `${count}`)),
  );
}

window.hydrate = () => hydrateRoot(document, make(Page));
