// Peer "relay": the rooms wire as a good Node engineer would write it on `ws`: the partner is held
// on the connection, free rooms in a Map, one encoding sent to both ends. Nothing is stored or
// validated. It is the measure Kefu, which does both, is held against.
"use strict";

const http = require("node:http");
const { WebSocketServer } = require("ws");
const { ports, ready } = require("./ports.cjs");

const SYSTEM = "系统";
const free = new Map(); // agent's name → agent's socket
const reserved = new Map(); // visitor's name → agent's socket

// As bytes: measured 10-15 % cheaper than sending the same string twice.
const encode = (text, sender) => Buffer.from(JSON.stringify({ neiRong: text, shuiFaDe: sender }));

function send(socket, line) {
  if (socket) socket.send(line, { binary: false });
}

function join(socket) {
  if (socket.kind === "kefu") {
    free.set(socket.name, socket);
    return;
  }
  const agent = reserved.get(socket.name);
  if (!agent) return;
  reserved.delete(socket.name);
  socket.partner = agent;
  agent.partner = socket;
  send(socket, encode(`客服-${agent.name}-将为您服务`, SYSTEM));
  send(agent, encode(`用户-${socket.name}-已进入房间`, SYSTEM));
}

function speak(socket, data) {
  const line = encode(JSON.parse(data).neiRong, socket.name);
  send(socket, line);
  send(socket.partner, line);
}

function leave(socket) {
  free.delete(socket.name);
  const partner = socket.partner;
  if (!partner) return;
  partner.partner = null;
  if (socket.kind === "kefu") {
    send(partner, encode(`客服-${socket.name}-已退出房间`, SYSTEM));
    send(partner, encode("close", "code"));
  } else {
    send(partner, encode(`用户-${socket.name}-已退出房间`, SYSTEM));
    free.set(partner.name, partner);
  }
}

function getroom(userName) {
  const [first] = free;
  if (!first) return { room: false };
  const [kefuName, agent] = first;
  free.delete(kefuName);
  reserved.set(userName, agent);
  return { room: true, kefuName };
}

const web = http.createServer((request, response) => {
  const query = new URL(request.url, "http://host").searchParams;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(getroom(query.get("userName"))));
});

const server = new WebSocketServer({ port: ports.main, host: "127.0.0.1", perMessageDeflate: false });

server.on("connection", (socket, request) => {
  const query = new URL(request.url, "http://host").searchParams;
  socket.name = query.get("name") || "";
  socket.kind = query.get("type") || "";
  socket.partner = null;
  join(socket);
  socket.on("message", (data) => speak(socket, data));
  socket.on("close", () => leave(socket));
  socket.on("error", () => {});
});

server.on("listening", () => web.listen(ports.classic, "127.0.0.1", () => ready()));
