// A bot that says what visitors say, and hands them to people: KEFU_TOKEN=kt_… node bot.mjs URL
import { readFileSync, writeFileSync } from "node:fs";
import { connect, portsOf } from "@kefu/client";

const url = process.argv[2];
const token = process.env.KEFU_TOKEN;
const kept = process.env.KEFU_POSITION ?? "position.txt"; // up to where it has answered

const client = connect({ url, token, side: "team", ports: portsOf(globalThis), ...position() });

function position() {
  try {
    return { position: readFileSync(kept, "utf8") };
  } catch {
    return {}; // the first time
  }
}

client.on("event", ({ on, conversation, message, cursor }) => {
  const state = client.conversations.find(({ id }) => id === conversation);
  const isMine = state?.status === "pending" && state.assignee?.id === client.me.id;
  if (on === "message.added" && message.sender.role === "visitor" && isMine) {
    if (/human|人工/i.test(message.text)) {
      client.call("conversation.hand_off", { conversation }, cursor).catch(console.error);
    } else {
      client.say(`You said: ${message.text}`, conversation, { client_id: cursor });
    }
  }
  writeFileSync(kept, cursor);
});
