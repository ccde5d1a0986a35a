/** A place in the queue, in words. */
import type { Talk } from "./talk";

export function placeOf({ app }: Talk, place: number): string {
  return place === 1 ? app.text("queue.next") : app.text("queue.place", { n: place });
}
