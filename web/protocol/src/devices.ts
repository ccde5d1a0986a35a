/** A contact's browsers, as `device.list` answers them. Pure. */
import type { DeviceInfo } from "./types";

/** The one that asks first, then the newest, so that a strange one is seen. */
export function inOrder(devices: readonly DeviceInfo[]): readonly DeviceInfo[] {
  return [...devices].sort(
    (a, b) => Number(b.current ?? false) - Number(a.current ?? false) || b.id - a.id,
  );
}

/** How a browser became the contact's. */
export function originOf({ linked, verified }: DeviceInfo): "letter" | "site" | "written" {
  return linked ? "letter" : verified ? "site" : "written";
}
