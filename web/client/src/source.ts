/**
 * What happens, over plain HTTP: a stream of events, a long poll where streams do not come through,
 * and short polls while nobody looks.
 *
 * Rules: a stream that is silent for long is dead; one whose first word does not come in time is held
 * back by something in between. Each way ends with `Unanswered`, unless its turn is over.
 * Not here: which tab reads it (tabs).
 */
import { decode } from "protocol";
import { answerOf, type Http, type Turn } from "./http";
import type { Clock, Ports, Response } from "./ports";
import { ANSWER_MS, GONE, isCode, SILENCE_MS, type Told, Unanswered } from "./wire";

const LONGEST_POLL_S = 25;
const SHORT_POLL_MS = 15_000;

export interface Tell {
  /** `text`: the frame that it was read from. */
  told(told: Told, text: string): void;
  /** From here on everything is told: whoever came late may ask for what was before. Once. */
  level(): void;
  /** What is no event was not told: it was a poll. */
  polled(): void;
}

export class Source {
  private readonly ports: Ports;
  private readonly http: Http;
  private readonly position: () => string | null;
  /** No stream comes through. */
  private isHeldBack = false;

  constructor(ports: Ports, http: Http, position: () => string | null) {
    this.ports = ports;
    this.http = http;
    this.position = position;
  }

  async follow(turn: Turn, to: Tell): Promise<void> {
    const tell = levelOnce(to);
    while (!turn.isOver) {
      await (this.isHeldBack ? this.poll(LONGEST_POLL_S, turn, tell) : this.stream(turn, tell));
    }
  }

  /** Asks now and then, unless `isQuiet`: another tab tells what happens. */
  async look(turn: Turn, to: Tell, isQuiet: () => boolean): Promise<void> {
    const tell = levelOnce(to);
    while (!turn.isOver) {
      if (!isQuiet()) {
        await this.poll(0, turn, tell);
      }
      await pause(this.ports.clock, SHORT_POLL_MS, turn);
    }
  }

  private async poll(wait: number, turn: Turn, tell: Tell): Promise<void> {
    const cursor = this.position();
    const form = { ...(cursor !== null && { cursor }), wait };
    const how = { waitMs: wait * 1000 + ANSWER_MS, until: turn };
    const page = await this.http.ask("event.list", form, how).catch(unlessOver(turn));
    if (page && !turn.isOver) {
      for (const event of page.events ?? []) {
        give(JSON.stringify(event), tell);
      }
      give(JSON.stringify({ on: "heartbeat", cursor: page.cursor }), tell);
      tell.level();
      tell.polled();
    }
  }

  private async stream(turn: Turn, tell: Tell): Promise<void> {
    const cursor = this.position();
    const url = cursor === null ? "/events" : `/events?cursor=${encodeURIComponent(cursor)}`;
    const request = { method: "GET", url, headers: { Accept: "text/event-stream" } };
    let isLevel = false;
    const read = async (response: Response, putOff: (ms: number) => void) => {
      if (!response.ok) {
        await answerOf(response);
      }
      for await (const text of dataOf(response, new this.ports.TextDecoder())) {
        if (turn.isOver) {
          return;
        }
        putOff(SILENCE_MS + ANSWER_MS);
        if (give(text, tell)?.kind === "heartbeat") {
          isLevel = true;
          tell.level();
        }
      }
      throw new Unanswered(GONE);
    };
    try {
      await this.http.fetch(request, { waitMs: ANSWER_MS, until: turn }, read);
    } catch (error) {
      this.isHeldBack = !isLevel && isCode(error, "gone");
      if (!turn.isOver && !this.isHeldBack) {
        throw error;
      }
    }
  }
}

function levelOnce(tell: Tell): Tell {
  let isLevel = false;
  return {
    ...tell,
    level: () => {
      if (!isLevel) {
        isLevel = true;
        tell.level();
      }
    },
  };
}

function give(text: string, tell: Tell): Told | null {
  const incoming = decode(text);
  switch (incoming.kind) {
    case "event":
    case "signal":
    case "heartbeat":
      tell.told(incoming, text);
      return incoming;
    default:
      return null;
  }
}

/** The data of server-sent events (HTML standard), as they come. */
async function* dataOf(
  { body }: Response,
  decoder: { decode(bytes: Uint8Array, options: { readonly stream: boolean }): string },
): AsyncGenerator<string> {
  const reader = body?.getReader();
  let [rest, data] = ["", ""];
  while (reader) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + (value ? decoder.decode(value, { stream: true }) : "")).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) {
        data += line.slice(5).trimStart();
      } else if (!line && data) {
        yield data;
        data = "";
      }
    }
  }
}

function unlessOver(turn: Turn): (error: unknown) => null {
  return (error) => {
    if (turn.isOver) {
      return null;
    }
    throw error;
  };
}

/** Waits, at most until the turn is over. */
function pause(clock: Clock, delayMs: number, turn: Turn): Promise<void> {
  return new Promise((resolve) => {
    const one = {
      abort: () => {
        stop();
        resolve();
      },
    };
    const stop = clock.after(delayMs, () => {
      turn.delete(one);
      resolve();
    });
    turn.add(one);
  });
}
