/** What is taken from a window, and let go of again. */
import { describe, expect, it } from "vitest";
import { portsOf, type Scope } from "./ports";

/** As much of a window as the ports look at. */
function windowLike(more: object = {}) {
  const page = new EventTarget();
  const document = Object.assign(page, { visibilityState: "visible" });
  const scope = Object.assign(new EventTarget(), globalThis, { document, ...more });
  return { scope: scope as unknown as Scope, target: scope as EventTarget, document };
}

describe("the ports of a window", () => {
  it("tell what network and window do, until that is ended", () => {
    const { scope, target, document } = windowLike();
    const { signals } = portsOf(scope);
    const signs: string[] = [];
    const stop = signals?.listen((sign) => signs.push(sign));
    const act = () => {
      target.dispatchEvent(new Event("online"));
      target.dispatchEvent(new Event("offline"));
      document.visibilityState = "hidden";
      document.dispatchEvent(new Event("visibilitychange"));
      document.visibilityState = "visible";
      document.dispatchEvent(new Event("visibilitychange"));
      target.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
      target.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
    };
    act();
    stop?.();
    act();
    expect(signs).toEqual(["online", "offline", "hidden", "shown", "back"]);
  });

  it("have no storage where to ask for it throws", () => {
    const { scope } = windowLike();
    Object.defineProperty(scope, "localStorage", {
      get: () => {
        throw new Error("denied");
      },
    });
    expect(portsOf(scope).storage).toBe(null);
  });

  it("of Node.js keep nothing and hear of no window", () => {
    const { storage, signals, locks, channel } = portsOf(globalThis as unknown as Scope);
    expect([storage, signals, locks, channel]).toEqual([null, null, null, null]);
  });

  it("draw random bytes, and take timers back", () => {
    const ports = portsOf(globalThis as unknown as Scope);
    expect(ports.random(32)).not.toEqual(ports.random(32));
    ports.clock.after(0, () => expect.unreachable())();
    expect(ports.clock.now()).toBeGreaterThan(0);
  });
});
