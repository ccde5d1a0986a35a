/**
 * What the loader's two scripts have in common: `kefu.js`, which every page view pays for, and the panel's,
 * which comes with the first opening. One is built for exactly the other.
 *
 * Rules: the build makes names that begin with $ short, in both alike (vite.config.ts).
 */
import type { PublicInbox } from "protocol";
import type { Theme } from "./bridge";
import type { Options } from "./host";

export const CLOSED = 0;
export const OPENING = 1;
export const FAILED = 2;
export const OPEN = 3;

/** What the launcher shows, as far as that changes. */
export interface Looks {
  $config?: PublicInbox;
  $isShown?: boolean | undefined;
  /** Of unread messages. */
  $count?: number;
  /** In place of the inbox's word for it. */
  $label?: string;
}

/** Kept by `kefu.js`. */
export interface Shared extends Looks {
  $state: number;
  $options: Options;
  $config: PublicInbox;
  $theme: Theme;
  $panel?: Panel;
  /** Whether the panel is to load the frame when it is here. */
  $isWanted?: boolean;
  readonly $host: HTMLElement;
  readonly $server: string;
  readonly $placed: (css: string, above?: number, reset?: string) => string;
  readonly $draw: (changed?: Looks) => void;
  readonly $ask: () => Promise<PublicInbox | false>;
  readonly $wait: () => void;
  readonly $open: (invitation?: string) => Promise<boolean>;
  /** Closed, failed or open, unless it was closed already. */
  readonly $become: (state: number) => void;
  $frame: HTMLElement | null;
  $invitation: string | undefined;
}

/** What the panel's script does for `kefu.js`. */
export interface Panel {
  /** Load the frame, if it is not there. */
  $load(): void;
  $unload(): void;
  /** As the state is now. */
  $place(): void;
  $end(): void;
  readonly $acts: Record<string, (...rest: never[]) => unknown>;
}

/** What is around all that stands on the page, whatever is below it. */
export const SHADOW = "box-shadow:0 0 0 1px #7773,0 8px 28px -4px #0004;";
