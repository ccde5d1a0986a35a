// Vouch for a visitor: a token that says who they are, for Kefu('identify', token).
//
// It needs Node.js 20 and nothing else. Call `identity` on your server, with somebody who is
// signed in there, whenever you make a page for them; the secret never leaves the server. Who gets the
// page can read what is in the token, so name in it only what the visitor may see.
//
// To try it: for each line, {"user": {…}, "key": {…}}, it prints a token.

import { createHmac } from "node:crypto";

/** `key` is one of the inbox's: its `kid` and `secret`, and the inbox's `widget_key`. */
export function identity(user, key) {
  if (user.id == null || user.id === "") throw new Error("nobody is signed in");
  const header = { alg: "HS256", kid: key.kid };
  const claims = {
    sub: String(user.id), // your own id of them, which nobody else ever gets
    aud: key.widget_key,
    exp: Math.floor(Date.now() / 1000) + 600, // seconds; at most a day ahead
    name: user.name, // this and what follows: as you like
    email: user.email,
    phone: user.phone,
    attributes: user.attributes,
  };
  const part = (json) => Buffer.from(JSON.stringify(json)).toString("base64url");
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", key.secret).update(signed).digest("base64url")}`;
}

if (process.argv[1]?.endsWith("identity.mjs")) {
  const { createInterface } = await import("node:readline");
  for await (const line of createInterface({ input: process.stdin })) {
    const { user, key } = JSON.parse(line);
    console.log(identity(user, key));
  }
}
