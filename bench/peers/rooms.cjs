// Peer "tutorial": the first tutorial's server after its description, on nodejs-websocket.
//
// What decides its cost is kept: every delivery looks through all connections for the receiver's
// name, every room rule looks through all rooms without stopping, and /getroom puts the visitor
// into every free room. Left out: console.log for each event (which flatters this peer), express
// (plain http answers the same bytes; only set-up uses it) and the static pages.
"use strict";

const http = require("node:http");
const websocket = require("nodejs-websocket");
const { ports, ready } = require("./ports.cjs");

const SYSTEM = "系统";
const rooms = []; // { agent, visitor }; visitor "" = free

function deliver(text, sender, receiver) {
  const line = JSON.stringify({ neiRong: text, shuiFaDe: sender });
  server.connections.forEach((connection) => {
    if (connection.userName === receiver) connection.sendText(line);
  });
}

function join(connection) {
  if (connection.userType === "kefu") {
    rooms.push({ agent: connection.userName, visitor: "" });
    return;
  }
  rooms.forEach((room) => {
    if (room.visitor !== connection.userName) return;
    deliver(`客服-${room.agent}-将为您服务`, SYSTEM, room.visitor);
    deliver(`用户-${room.visitor}-已进入房间`, SYSTEM, room.agent);
  });
}

function speak(connection, text) {
  const name = connection.userName;
  deliver(text, name, name);
  rooms.forEach((room) => {
    if (connection.userType === "kefu" && room.agent === name) deliver(text, name, room.visitor);
    if (connection.userType === "yonghu" && room.visitor === name) deliver(text, name, room.agent);
  });
}

function leave(connection) {
  rooms.forEach((room, index) => {
    if (connection.userType === "kefu" && room.agent === connection.userName) {
      if (room.visitor === "") {
        rooms.splice(index, 1);
        return;
      }
      deliver(`客服-${room.agent}-已退出房间`, SYSTEM, room.visitor);
      deliver("close", "code", room.visitor);
    }
    if (connection.userType === "yonghu" && room.visitor === connection.userName) {
      room.visitor = "";
      deliver(`用户-${connection.userName}-已退出房间`, SYSTEM, room.agent);
    }
  });
}

const server = websocket.createServer((connection) => {
  const query = new URLSearchParams(connection.path.replace("/?", ""));
  connection.userName = query.get("name") || "";
  connection.userType = query.get("type") || "";
  join(connection);
  connection.on("text", (data) => speak(connection, JSON.parse(data).neiRong));
  connection.on("close", () => leave(connection));
  connection.on("error", () => {}); // a reset connection would end the process
});

const pages = http.createServer((request, response) => {
  const userName = new URL(request.url, "http://host").searchParams.get("userName");
  let answer = { room: false };
  rooms.forEach((room) => {
    if (room.visitor !== "") return;
    room.visitor = userName;
    if (!answer.room) answer = { room: true, kefuName: room.agent }; // the first answer is the one sent
  });
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(answer));
});

server.listen(ports.main, "127.0.0.1", () => {
  pages.listen(ports.classic, "127.0.0.1", () => ready());
});
