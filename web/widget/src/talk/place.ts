/** A place in the queue, in words; that one is next is said only while somebody takes from it. */
import type { Talk } from "./talk";

export function placeOf({ app, isStaffed }: Talk, place: number): string {
  return place === 1
    ? app.text(isStaffed ? "queue.next" : "queue.nobody")
    : app.text("queue.place", { n: place });
}
