// What a page does with socket.io-client, against tests.conformance.server.
// Usage: node socketio.mjs PACKAGE_JSON URL TRANSPORT... ; exits 0 if all was as it should be.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const [packageJson, url, ...transports] = process.argv.slice(2);
const { io } = createRequire(packageJson)("socket.io-client");

const heard = (emitter, event) =>
  new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));

function open(namespace = "/", auth = {}) {
  return io(url + namespace, { transports, auth, forceNew: true, reconnection: false });
}

async function echo(socket, ...args) {
  const answer = heard(socket, "message-back");
  socket.emit("message", ...args);
  assert.deepEqual(await answer, args);
}

async function main() {
  const socket = open("/", { token: "t", name: "访客" });
  const auth = heard(socket, "auth");
  const ping = heard(socket.io, "ping");
  const upgraded = transports.length > 1 ? heard(socket.io.engine, "upgrade") : null;
  await heard(socket, "connect");
  assert.deepEqual(await auth, [{ token: "t", name: "访客" }]);

  // Across the upgrade, if there is one, nothing is lost and nothing overtakes.
  const numbers = [];
  const all = new Promise((resolve) => {
    socket.on("message-back", (number) => {
      if (numbers.push(number) === 300) resolve();
    });
  });
  for (let number = 0; number < 300; number++) {
    socket.emit("message", number);
    if (number % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
  socket.off("message-back");
  assert.deepEqual(numbers, [...Array(300).keys()]);

  await upgraded;
  const transport = transports.includes("websocket") ? "websocket" : "polling";
  assert.equal(socket.io.engine.transport.name, transport);

  await echo(socket);
  await echo(socket, "你好 😀 \u001e \u0000", 1.5, null, { nested: [true, { deep: [] }] });
  await echo(socket, Buffer.from([1, 2, 3]), { file: Buffer.from("附件") });
  await echo(socket, Buffer.alloc(200_000, 7));
  assert.deepEqual(await socket.emitWithAck("message-with-ack", "one"), "one");
  const bytes = await socket.emitWithAck("message-with-ack", Buffer.from([4, 5]));
  assert.deepEqual(bytes, Buffer.from([4, 5]));
  await ping;
  await echo(socket, "after the heartbeat");

  const custom = open("/custom", { a: 1 });
  assert.deepEqual(await heard(custom, "auth"), [{ a: 1 }]);
  await echo(custom, "in a namespace", Buffer.from([6]));

  const refused = open("/unknown");
  const [error] = await heard(refused, "connect_error");
  assert.equal(error.message, "Invalid namespace");

  for (const each of [socket, custom, refused]) each.io.engine.close();
}

await main();
