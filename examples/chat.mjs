// A chat in a terminal, as a visitor: node chat.mjs https://chat.example.com wk_…
import { createInterface } from "node:readline";
import { connect, portsOf } from "@kefu/client";

const [url, widget] = process.argv.slice(2);
const client = connect({ url, widget, side: "visitor", ports: portsOf(globalThis) });
let chat = null; // the conversation, once there is one
let status = client.status;

client.on("begun", ({ id }) => {
  chat = client.open(id);
});

client.on("event", ({ on, message }) => {
  if (on === "message.added" && message.sender.role !== "visitor") {
    console.log(`${message.sender.name}: ${message.text}`);
    chat?.mark(true);
  }
});

client.on("notice", ({ message }) => console.log(`(${message})`));

client.on("change", () => {
  if (client.status !== status) {
    status = client.status;
    console.log(`(${status})`);
  }
});

createInterface({ input: process.stdin })
  .on("line", (text) => client.say(text, chat?.id ?? null))
  .on("close", () => client.dispose());
