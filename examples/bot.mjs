// A bot that says what visitors say, and hands them to people: KEFU_TOKEN=kt_… node bot.mjs URL
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { connect, portsOf } from "@kefu/client";

const url = process.argv[2];
const token = process.env.KEFU_TOKEN;
const kept = process.env.KEFU_POSITION ?? "position.txt"; // up to where all is answered
const known = existsSync(kept) ? { position: readFileSync(kept, "utf8") } : {};
const client = connect({ url, token, side: "team", ports: portsOf(globalThis), ...known });
const unanswered = new Set();

client.on("event", ({ on, conversation, message, cursor }) => {
  const state = client.conversations.find(({ id }) => id === conversation);
  const isMine = state?.status === "pending" && state.assignee?.id === client.me.id;
  if (on === "message.added" && message.sender.role === "visitor" && isMine) {
    unanswered.add(cursor);
    if (/human|人工/i.test(message.text)) {
      const handedOff = client.call("conversation.hand_off", { conversation }, cursor);
      handedOff.then(() => unanswered.delete(cursor), console.error);
    } else {
      client.say(`You said: ${message.text}`, conversation, { client_id: cursor });
    }
  }
  unanswered.delete(message?.client_id); // one's own answer: it is stored
  if (unanswered.size === 0) {
    writeFileSync(`${kept}.new`, cursor);
    renameSync(`${kept}.new`, kept); // in one step: a kill leaves the old one or the new one
  }
});
