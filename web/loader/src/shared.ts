/**
 * What the loader's two scripts have in common: `kefu.js`, which every page view pays for, and the panel's,
 * which comes with the first opening. One is built for exactly the other.
 */
import type { PublicInbox } from "protocol";
import type { Theme } from "./bridge";
import type { Options } from "./host";

export const CLOSED = 0;
export const OPENING = 1;
export const FAILED = 2;
export const OPEN = 3;

/** What of the launcher is to be seen. */
export interface Looks {
  isShown: boolean;
  isBusy: boolean;
  isAway: boolean;
  count: number;
  label: string;
}

/** Kept by `kefu.js`. */
export interface Shared {
  state: number;
  options: Options;
  config: PublicInbox;
  theme: Theme;
  readonly host: HTMLElement;
  readonly server: string;
  readonly make: <Tag extends keyof HTMLElementTagNameMap>(
    tag: Tag,
    properties?: object,
    ...inside: (Node | string)[]
  ) => HTMLElementTagNameMap[Tag];
  readonly placed: (css: string, above?: number, reset?: string) => string;
  readonly draw: (changed?: Partial<Looks>) => void;
  readonly emit: (name: string, detail?: unknown) => void;
  readonly dress: (config: PublicInbox) => void;
  readonly ask: () => Promise<PublicInbox | false>;
  readonly wait: () => void;
  readonly open: (invitation?: string) => Promise<boolean>;
  readonly close: () => void;
  readonly shown: () => void;
  frame: HTMLElement | null;
  invitation: string | undefined;
}

/** What the panel's script does for `kefu.js`. */
export interface Panel {
  /** Load the frame, if it is not there. */
  load(): void;
  unload(): void;
  /** As the state is now. */
  place(): void;
  painted(): void;
  end(): void;
  readonly acts: Record<string, (...rest: never[]) => unknown>;
}

/** What is around all that stands on the page, whatever is below it. */
export const SHADOW = "box-shadow:0 0 0 1px #7773,0 8px 28px -4px #0004;";
