/**
 * Using a one-time link: the set-up, joining the team, a new password.
 *
 * Rules: the address's path says what for. What is wrong stands where it is wrong; a link that does
 * not hold says how to get another. Whoever is done is signed in, by the cookie of the answer.
 * Not here: what a password may be (the server says so).
 */
import type { AcceptLink, SignedIn } from "protocol";
import { ask } from "shared/link/api";
import { dropLink, takeLink } from "shared/link/one-time";
import { byId } from "shared/view/dom";
import { type Fault, faultOf, type Part } from "./core/account-faults";
import { type Purpose, purposeOf } from "./core/address";
import { words } from "./i18n/language";
import type { TextKey } from "./i18n/texts";

const PARTS: Readonly<Record<Purpose, readonly Part[]>> = {
  setup: ["name", "email", "password"],
  join: ["name", "password"],
  reset: ["password"],
};
/** What a link that holds cannot be used without; who joins may keep the name that there is. */
const NEEDED: Readonly<Record<Purpose, readonly Part[]>> = {
  setup: ["name", "email", "password"],
  join: ["password"],
  reset: ["password"],
};

const purpose = purposeOf(location.pathname);
const form = byId("form", HTMLFormElement);
const go = byId("go", HTMLButtonElement);
const general = byId("fault", HTMLElement);
const password = byId("password", HTMLInputElement);
const show = byId("show", HTMLButtonElement);

words.start();
document.title = `Kefu · ${words.textOf(`${purpose}.title`)}`;
const link = takeLink(purpose);
if (link === null || link === "damaged") {
  refuse(link ? "account.damaged" : "account.missing", `${purpose}.missing`);
} else {
  start(link);
}

function start(token: string): void {
  words.setText(byId("ask-title", HTMLElement), `${purpose}.title`);
  words.setText(byId("lead", HTMLElement), `${purpose}.lead`);
  words.setText(go, `${purpose}.go`);
  words.setText(
    byId("name-hint", HTMLElement),
    purpose === "join" ? "account.name.join" : "account.name.hint",
  );
  for (const part of ["name", "email"] as const) {
    byId(`${part}-part`, HTMLElement).hidden = !PARTS[purpose].includes(part);
  }
  for (const part of NEEDED[purpose]) {
    fieldOf(part).required = true;
  }
  byId("ask", HTMLElement).hidden = false;
  fieldOf(PARTS[purpose][0] ?? "password").focus();
  show.addEventListener("click", () => {
    const isHidden = password.type === "password";
    password.type = isHidden ? "text" : "password";
    words.setText(show, isHidden ? "account.hide" : "account.show");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit(token);
  });
}

async function submit(token: string): Promise<void> {
  const missing = NEEDED[purpose].find((part) => !filledIn(part).trim());
  showFault(missing ? { part: missing, key: "fault.required", values: {} } : null);
  if (missing || go.disabled) {
    return;
  }
  busy(true);
  const [name, email] = (["name", "email"] as const).map((part) =>
    PARTS[purpose].includes(part) ? filledIn(part).trim() : "",
  );
  const body: AcceptLink = {
    link: token,
    password: filledIn("password"),
    ...(name && { name }),
    ...(email && { email }),
  };
  const answer = await ask<SignedIn>({ method: "POST", path: "/session/link", body });
  busy(false);
  if (answer.kind === "ok") {
    done(answer.ok.agent.name);
  } else if (answer.kind === "refused" && answer.error.code === "unauthenticated") {
    dropLink(purpose);
    refuse("account.refused", `${purpose}.refused`);
  } else {
    showFault(faultOf(answer.kind === "refused" ? answer.error : null));
  }
}

function done(name: string): void {
  dropLink(purpose);
  form.reset();
  byId("ask", HTMLElement).hidden = true;
  words.setText(byId("done-title", HTMLElement), `${purpose}.done`);
  words.setText(byId("done-about", HTMLElement), `${purpose}.done.about`, { name });
  byId("next-cli", HTMLElement).hidden = purpose !== "setup";
  byId("done", HTMLElement).hidden = false;
  byId("done-title", HTMLElement).focus();
}

function refuse(title: TextKey, about: TextKey): void {
  byId("ask", HTMLElement).hidden = true;
  words.setText(byId("refused-title", HTMLElement), title);
  words.setText(byId("refused-about", HTMLElement), about);
  byId("refused", HTMLElement).hidden = false;
}

/** Shows this fault and no other, and goes there; null: there is none. */
function showFault(fault: Fault | null): void {
  general.hidden = true;
  for (const part of PARTS[purpose]) {
    byId(`${part}-fault`, HTMLElement).hidden = true;
    fieldOf(part).removeAttribute("aria-invalid");
  }
  if (!fault) {
    return;
  }
  const isHere = fault.part !== null && PARTS[purpose].includes(fault.part);
  const said = isHere ? byId(`${fault.part}-fault`, HTMLElement) : general;
  words.setText(said, fault.key, fault.values);
  said.hidden = false;
  if (isHere && fault.part) {
    fieldOf(fault.part).setAttribute("aria-invalid", "true");
    fieldOf(fault.part).focus();
  }
}

function busy(isBusy: boolean): void {
  go.disabled = isBusy;
  words.setText(go, isBusy ? "account.busy" : `${purpose}.go`);
}

function filledIn(part: Part): string {
  return fieldOf(part).value;
}

function fieldOf(part: Part): HTMLInputElement {
  return byId(part, HTMLInputElement);
}
