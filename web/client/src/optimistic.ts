/**
 * Changes that are shown before the server has answered.
 *
 * Rules: a change lies over what is known until its answer is here; then what the server says stands,
 * or what stood before, in one step, so that nothing flickers and nothing goes back twice.
 */
import type { Conversation } from "protocol";

export type Patch = Partial<Conversation>;

export class Optimistic {
  private changes: readonly { readonly id: number; readonly patch: Patch }[] = [];

  /** The conversation itself if no change lies over it. */
  view(conversation: Conversation): Conversation {
    const own = this.changes.filter(({ id }) => id === conversation.id);
    const patches = own.map(({ patch }) => patch);
    return own.length ? Object.assign({}, conversation, ...patches) : conversation;
  }

  clear(): void {
    this.changes = [];
  }

  /** Shows it; what it returns takes it away. */
  show(id: number, patch: Patch): () => void {
    const change = { id, patch };
    this.changes = [...this.changes, change];
    return () => {
      this.changes = this.changes.filter((one) => one !== change);
    };
  }
}
