/** The tutorial's small demo: open, close, send; what anybody sends comes back to everybody. */

import { byId, create } from "shared/view/dom";
import { words } from "./i18n/language";

const MOST_LINES = 200;

const openButton = byId("open", HTMLButtonElement);
const closeButton = byId("close", HTMLButtonElement);
const sendButton = byId("send", HTMLButtonElement);
const field = byId("message", HTMLInputElement);
const state = byId("state", HTMLElement);
const log = byId("log", HTMLElement);

let socket: WebSocket | null = null;

function open(): void {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/demo`);
  socket.onopen = showState;
  socket.onclose = () => {
    socket = null;
    showState();
  };
  socket.onmessage = (event) => showMessage(String(event.data));
  showState();
}

function showState(): void {
  const opened = socket?.readyState === WebSocket.OPEN;
  words.setText(state, opened ? "demo.opened" : socket ? "demo.opening" : "demo.closed");
  state.classList.toggle("on", opened);
  openButton.disabled = socket !== null;
  closeButton.disabled = !opened;
  sendButton.disabled = !opened;
}

function showMessage(text: string): void {
  const line = create("p", "entry");
  line.dir = "auto";
  line.textContent = text;
  log.append(line);
  if (log.childElementCount > MOST_LINES) {
    log.firstElementChild?.remove();
  }
  log.scrollTop = log.scrollHeight;
}

words.start();
showState();
openButton.addEventListener("click", open);
closeButton.addEventListener("click", () => socket?.close());
byId("demo", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value && socket?.readyState === WebSocket.OPEN) {
    socket.send(field.value);
    field.value = "";
  }
  field.focus();
});
