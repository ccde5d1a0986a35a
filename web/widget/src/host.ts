/**
 * What is around the chat: the loader on a site's page, or nothing, where the chat is a page itself.
 *
 * Rules: of a site's page only the window that holds this frame is heard, and from its first word on
 * only under that word's origin; what is said back goes to that origin alone. Which sites may hold
 * the frame at all is the server's `frame-ancestors`. Words that are not known are passed over, so
 * that an older loader and a newer frame understand each other.
 */
import type { FromFrame, Hello, ToFrame } from "loader/bridge";

export interface Host {
  /** What a frame was told first; of a page, null. */
  readonly hello: Promise<Hello | null>;
  readonly isFrame: boolean;
  /** Calls back with every later word. */
  listen(hear: (told: ToFrame) => void): void;
  tell(told: FromFrame): void;
}

export function hostOf(scope: Window): Host {
  return scope.parent === scope ? new Alone() : new Framed(scope);
}

class Alone implements Host {
  readonly hello = Promise.resolve(null);
  readonly isFrame = false;
  listen(): void {}
  tell(): void {}
}

class Framed implements Host {
  readonly hello: Promise<Hello>;
  readonly isFrame = true;
  private readonly parent: Window;
  private origin = "";
  private hear: (told: ToFrame) => void = () => undefined;

  constructor(scope: Window) {
    this.parent = scope.parent;
    this.hello = new Promise((resolve) => {
      scope.addEventListener("message", ({ source, origin, data }: MessageEvent) => {
        if (source !== this.parent || data?.kefu !== 1 || (this.origin && origin !== this.origin)) {
          return;
        }
        // As text would bring it: what is cloned may be taken for an element when it is drawn.
        const told = JSON.parse(JSON.stringify(data));
        if (told.type === "hello" && !this.origin) {
          this.origin = origin;
          resolve(told);
        } else if (this.origin) {
          this.hear(told);
        }
      });
    });
    // It holds nothing, and whoever holds this frame is not known yet.
    this.parent.postMessage({ kefu: 1, type: "loaded" } satisfies FromFrame, "*");
  }

  listen(hear: (told: ToFrame) => void): void {
    this.hear = hear;
  }

  tell(told: FromFrame): void {
    if (this.origin) {
      this.parent.postMessage(told, this.origin);
    }
  }
}
