/** Typed access to the page's own elements. */

/** Returns the element with this id. Throws if the page has none of that kind: a page's bug. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) {
    throw new Error(`the page has no ${kind.name} #${id}`);
  }
  return element;
}

export function create(tag: "div" | "p" | "span" | "li", className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

export function createButton(className: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = className;
  button.addEventListener("click", onClick);
  return button;
}

/** The letter that stands for a person; the whole first character, also of an emoji. */
export function initial(name: string): string {
  return Array.from(name)[0]?.toLocaleUpperCase() ?? "";
}
