/**
 * Who the visitor is to the site, which says so with a token that it signed; or that nobody is.
 *
 * Rules: what one person said and has is kept under a name of its own, so that whoever comes next on
 * the same device finds nothing of it, in memory, in the page or in what is kept: from the moment that
 * the site says who is there, not only once the server agrees. What nobody in particular said becomes
 * the person's. Who goes leaves nothing here but words that were not sent yet, with what they are to
 * be sent under. Of two that are said one after the other the last one holds.
 * Not here: whether the token is right (the server).
 */
import type { Client } from "client/core";
import { nameOf } from "client/device";
import { Memory } from "client/memory";
import { isCode } from "client/wire";
import { forget, recallKeys, thisTab } from "shared/view/memory";
import { type App, storage } from "./app";

/** Who is here, as the site says; and that the server agrees. */
const PERSON = "person";
const PROVED = "proved";
/** What is the browser's, whoever is there. */
const SHARED = ["scope", "sound"];

/** Resolves when the server took it. Rejects with `Unanswered`: refused, or another was said. */
export async function be(app: App, client: Client, token: string | null): Promise<void> {
  const person = token === null ? null : personOf(token);
  change(app, person);
  app.isNamed = true;
  if (token === null || person === null) {
    return;
  }
  const { memory } = app;
  memory.set(PERSON, person);
  try {
    await client.identify(token);
    memory.set(PROVED, "1");
  } catch (error) {
    if (memory === app.memory && !isCode(error, "gone")) {
      memory.remove(PERSON); // it is nobody in particular
    }
    throw error;
  }
}

/** Shows nothing any more of whoever else was here. */
function change(app: App, person: string | null): void {
  const before = app.memory.get(PERSON);
  if (before === person || before === null) {
    return; // the same, or nobody in particular becomes somebody
  }
  leave(app.memory, app.scope);
  const own = new Memory(storage(), app.widget);
  const scope = own.get(PERSON) === person ? app.widget : `${app.widget}~${person ?? ""}`;
  own.set("scope", scope);
  if (app.isNamed) {
    app.attributes = {}; // they were said of whoever was named before
  }
  app.become(scope);
}

/** Whose the token is, as the name under which things are kept. What it says is proved elsewhere. */
export function personOf(token: string): string {
  try {
    const claims = token.split(".")[1] ?? "";
    const { sub } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    return nameOf(String(sub));
  } catch {
    return nameOf(token);
  }
}

/**
 * Takes away all that is kept of a person, unless words of theirs are still to be sent, or were sent
 * before the server knew whose they are.
 */
function leave(memory: Memory, scope: string): void {
  const isWaiting = memory.keys("unsent.").length > 0 || memory.get(PROVED) === null;
  for (const key of memory.keys("").filter((one) => !SHARED.includes(one))) {
    const isNeeded = key.startsWith("unsent.") || ["device", "who", PERSON].includes(key);
    if (!(isWaiting && isNeeded)) {
      memory.remove(key);
    }
  }
  for (const key of recallKeys(`${scope}.`, thisTab)) {
    forget(`${scope}.${key}`, thisTab);
  }
}
