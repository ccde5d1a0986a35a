/** Whether the details are shown: beside the conversation where there is room, over it where not. */
import { useSyncExternalStore } from "react";
import { recall, remember } from "shared/view/memory";

/** As in the sheet: from here on they have a column of their own. */
const WIDE = matchMedia("(min-width: 1340px)");
const KEY = "console.details";

class Columns {
  private isBeside = recall(KEY) !== "no";
  private isOver = false;
  private readonly hears = new Set<() => void>();

  readonly subscribe = (hear: () => void): (() => void) => {
    this.hears.add(hear);
    WIDE.addEventListener("change", hear);
    return () => {
      this.hears.delete(hear);
      WIDE.removeEventListener("change", hear);
    };
  };

  get hasDetails(): boolean {
    return WIDE.matches ? this.isBeside : this.isOver;
  }

  readonly toggle = (): void => {
    if (WIDE.matches) {
      this.isBeside = !this.isBeside;
      remember(KEY, this.isBeside ? "yes" : "no");
    } else {
      this.isOver = !this.isOver;
    }
    this.tell();
  };

  /** Another conversation is open, or none: what lay over it goes. */
  readonly putAway = (): void => {
    this.isOver = false;
    this.tell();
  };

  private tell(): void {
    for (const hear of [...this.hears]) {
      hear();
    }
  }
}

export const columns = new Columns();

export function useDetails(): boolean {
  return useSyncExternalStore(columns.subscribe, () => columns.hasDetails);
}
