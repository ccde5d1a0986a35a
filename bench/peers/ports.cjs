// The two ports every peer is started with, and the line that says it is listening.
"use strict";

const [main, classic] = process.argv.slice(2).map(Number);

exports.ports = { main, classic };
exports.ready = () => process.stdout.write(`ready http://127.0.0.1:${main}\n`);
