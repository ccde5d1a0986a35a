/** Whatever the order in which events come, late, twice or not at all: the same state, in the end. */
import type { Event } from "protocol";
import { describe, expect, it } from "vitest";
import { chatting, textsOf } from "./testing/world";

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

/** Numbers of no chance (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    return (((mixed ^ (mixed >>> 7)) >>> 0) % 1_000) % below;
  };
}

const WAYS = [
  ["a WebSocket", {}],
  ["HTTP", { WebSocket: null }],
] as const;

type World = Awaited<ReturnType<typeof chatting>>;

/** Something happens, and is told late, twice or not at all. */
function happen({ server }: World, draw: (below: number) => number, wire: Event[], step: number) {
  server.isMute = true;
  wire.push(draw(5) ? server.say(1, `m${step}`) : server.set(1, { tags: [`t${step}`] }));
  server.isMute = draw(10) === 0;
  for (let n = draw(3); n > 0 && wire.length; n--) {
    const [event] = draw(4) ? wire.splice(draw(wire.length), 1) : wire.slice(-1);
    server.tell(1, event as Event);
  }
  server.isMute = false;
  if (draw(12) === 0) {
    server.closeAll([1012, 1006, 4200][draw(3)] ?? 1012);
  }
}

/** A slow handler: whenever it gets to look, the position is where it was, or further. */
function watch({ server, client }: World, draw: (below: number) => number): void {
  let position = 0;
  client.on("event", async () => {
    await new Promise<void>((resolve) => server.clock.after(draw(4_000), resolve));
    const now = Number(client.position?.split("-")[1] ?? position);
    expect(now).toBeGreaterThanOrEqual(position);
    position = now;
  });
}

describe.each(WAYS)("over %s", (_, other) => {
  it.each(SEEDS)("shuffled events give the same state, each told once (%i)", async (seed) => {
    const world = await chatting(other);
    const { server, client, chat, heard, pass } = world;
    const draw = chance(seed);
    const wire: Event[] = [];
    watch(world, draw);
    for (let step = 0; step < 40; step++) {
      happen(world, draw, wire, step);
      await pass(draw(400));
    }
    for (const event of wire) {
      server.tell(1, event);
    }
    await pass(90_000);
    expect(client.status).toBe("live");
    expect(textsOf(chat)).toEqual(server.texts(1));
    expect(chat.conversation?.tags).toEqual(server.states.get(1)?.tags);
    expect(heard).toEqual(server.texts(1).filter((text) => text));
  });
});
