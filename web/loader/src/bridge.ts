/**
 * What the loader on a site's page and the chat in its frame say to each other.
 *
 * Rules: each word is an object with `kefu: 1`, the version of the handshake, and a `type`. Both sides
 * pass over types and fields that they do not know, so an older loader and a newer frame go together:
 * a word may be added, none may change its meaning. The frame says `loaded` to whoever holds it, the
 * loader answers `hello`, the frame `ready`.
 * Not here: to whom words are sent and from whom they are taken (loader.ts; the widget's host.ts).
 */
import type { PublicInbox } from "protocol";

export const VERSION = 1;

interface Word<Type extends string> {
  readonly kefu: typeof VERSION;
  readonly type: Type;
}

export type Theme = "light" | "dark";

/** The page of the site that the visitor looks at. */
export interface Place {
  readonly url: string;
  readonly title: string;
  readonly referrer: string;
}

/** Pixels of the screen's edges that are nobody's to write on. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** The screen. `height`: pixels that the keyboard leaves of it. */
export interface Screen {
  readonly isPhone: boolean;
  readonly height?: number;
  readonly insets?: Insets;
}

export interface Hello extends Word<"hello">, Screen {
  /** Of the loader. */
  readonly version: string;
  /** As the loader read it, with the page's own color in its colors; null: the frame asks itself. */
  readonly config: PublicInbox | null;
  readonly locale?: string | undefined;
  readonly theme: Theme;
  readonly isOpen: boolean;
  readonly page: Place;
  /** In place of what the inbox has. */
  readonly look?: { readonly greeting?: string | undefined };
  /** Signed by the site; null: nobody is signed in there. Left out: it has not said. */
  readonly identity?: string | null | undefined;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly invitation?: string | undefined;
}

export type ToFrame =
  | Hello
  | (Word<"open"> & { readonly invitation?: string | undefined })
  | Word<"close">
  /** Android's Back: answered by `close`, or by `stay` where something in the chat closed instead. */
  | Word<"back">
  | (Word<"theme"> & { readonly theme: Theme })
  | (Word<"phone"> & Screen)
  | (Word<"page"> & { readonly page: Place })
  | (Word<"locale"> & { readonly locale: string; readonly config: PublicInbox | null })
  | (Word<"set"> & { readonly attributes: Readonly<Record<string, unknown>> })
  /** Answered by `done` with the same `id`; also said after a `hello` that has the same token. */
  | (Word<"identify"> & { readonly id: number; readonly token: string | null })
  | (Word<"shutdown"> & { readonly id: number });

export type FromFrame =
  | Word<"loaded">
  | (Word<"ready"> & { readonly version: typeof VERSION })
  | Word<"close">
  | Word<"stay">
  | (Word<"unread"> & {
      readonly count: number;
      /** The launcher's name with the number in it: plurals are the frame's. */
      readonly label?: string;
    })
  /** What was shown small was pressed. */
  | (Word<"open"> & { readonly invitation?: string })
  /** Show the frame small above the launcher, that many pixels high, while the chat is closed; 0: not. */
  | (Word<"peek"> & { readonly height: number })
  /** Whether the visitor has a conversation that goes on. */
  | (Word<"live"> & { readonly isLive: boolean })
  | (Word<"done"> & {
      readonly id: number;
      readonly error?: { readonly code: string; readonly message: string };
    })
  | (Word<"event"> & {
      readonly name: "message" | "conversation" | "rated";
      readonly detail: Readonly<Record<string, unknown>>;
    })
  /** What is put before the page's title; 0: nothing. */
  | (Word<"title"> & { readonly count: number });
