// Peer "tutorial": the second tutorial's server after its description, on socket.io 4.8.
//
// Every login and every leave sends the list of all names to everybody, as described. With
// `quiet` as the third argument a login sends the list to its caller alone: 4,000 logins
// would otherwise move some 180 GB before the first message could be measured. Left out:
// console.log for each event (which flatters this peer).
"use strict";

const http = require("node:http");
const { Server } = require("socket.io");
const { ports, ready } = require("./ports.cjs");

const quiet = process.argv[4] === "quiet";
const users = new Map(); // name → socket id

const web = http.createServer((request, response) => {
  response.writeHead(200, { "Content-Type": "text/html" });
  response.end("<h1>Chat Server</h1>");
});
const io = new Server(web, { cors: { origin: "*", methods: ["GET", "POST"] } });

io.on("connection", (socket) => {
  socket.on("login", (name) => {
    if (users.has(name)) {
      socket.emit("login_error", "当前用户名已经被注册");
      return;
    }
    users.set(name, socket.id);
    socket.username = name;
    (quiet ? socket : io).emit("user_list", quiet ? [name] : Array.from(users.keys()));
    socket.emit("login_success");
  });

  socket.on("private_message", ({ to, message }) => {
    const receiver = users.get(to);
    if (!receiver) {
      socket.emit("error", "用户未找到");
      return;
    }
    const from = socket.username;
    socket.emit("message", { from, to, message, self: true });
    socket.to(receiver).emit("message", { from, to, message, self: false });
  });

  socket.on("disconnect", () => {
    if (!socket.username) return;
    users.delete(socket.username);
    if (!quiet) io.emit("user_list", Array.from(users.keys()));
  });
});

web.listen(ports.main, "127.0.0.1", () => ready());
