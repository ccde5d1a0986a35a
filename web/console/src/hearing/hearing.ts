/**
 * Has what concerns oneself heard and seen: sounds, and what the system shows.
 *
 * Rules: of all tabs of a browser one sounds, the first whose sound the browser lets out; and one shows.
 * In quiet hours neither. What is in sight makes no sound, but an offer: that is told again until it is
 * answered, if one has not chosen otherwise.
 * Not here: what is news (news), the title and the icon (marks).
 */
import type { Router } from "../shell/router";
import type { Store } from "../store/store";
import { Centre } from "./centre";
import { heldNow, hold } from "./locks";
import { type Kind, loudestOf, type News, newsOf, type Own, ownOf, switchOf } from "./news";
import { Notices } from "./notices";
import { Pulse } from "./pulse";
import { isQuiet } from "./quiet";
import { Sight } from "./sight";
import { Sound } from "./sound";
import { AGAIN_MS, AGAIN_PART } from "./tones";

const VOICE = "kefu.console.voice";
/** So long a page is left to be pressed before it says that it is silent. */
const CHECK_MS = 3_000;

/** `sound`: in which tab it sounded; null: in none. */
export interface Tested {
  readonly at: string;
  readonly heardMs: number;
  readonly sound: "this" | "another" | null;
  readonly isShown: boolean;
}

/** What a tab tells the others of a test offer. */
interface Result {
  readonly at: string;
  readonly hasSounded: boolean;
  readonly isShown: boolean;
}

export class Hearing {
  readonly sound: Sound;
  readonly notices: Notices;
  readonly pulse: Pulse;
  readonly centre: Centre;
  /** What became of the newest test offer; null: none was heard. */
  tested: Tested | null = null;
  /** Something was to be heard, and no tab could. */
  isMuted = false;
  private readonly store: Store;
  private readonly sight: Sight;
  private readonly channel: BroadcastChannel | null;
  private readonly locks: LockManager | undefined;
  private own: Own | null = null;
  private me = 0;
  /** Until it is known what one prefers. */
  private waiting: News[] = [];
  /** This tab is the one that sounds. */
  private hasVoice = false;
  private giveVoice: (() => void) | null = null;
  private isChecked = false;
  private again: ReturnType<typeof setInterval> | undefined;

  constructor(store: Store, router: Router, page: Window) {
    this.store = store;
    this.locks = page.navigator.locks as LockManager | undefined;
    this.sight = new Sight(page, router);
    this.sound = new Sound(page, () => this.soundChanged());
    this.notices = new Notices(page, store, router);
    this.centre = new Centre(page, store, router);
    store.subscribe(() => this.follow());
    store.client.on("signal", (signal) => {
      if (signal.on === "mentions" && signal.conversation !== undefined) {
        this.hear([{ kind: "mention", conversation: signal.conversation }]);
      }
      if (signal.on === "test_offer") {
        void this.hearTest(signal.at);
      }
    });
    this.channel = "BroadcastChannel" in page ? new BroadcastChannel(VOICE) : null;
    this.channel?.addEventListener("message", ({ data }) => this.hearResult(data as Result));
    this.pulse = new Pulse(store.now());
    this.pulse.start(() => store.now());
    this.soundChanged();
    this.follow();
  }

  /** Plays it now, whatever one prefers; within a press it unlocks the sound first. */
  async sample(kind: Kind): Promise<boolean> {
    await this.sound.unlock();
    return this.sound.play(kind, this.store.preferences.now.sounds.volume);
  }

  /** A tab sounds for all: this one, or another. */
  async whoSounds(): Promise<"this" | "another" | "none"> {
    if (this.hasVoice) {
      return "this";
    }
    return (await heldNow(this.locks)).includes(VOICE) ? "another" : "none";
  }

  /** As an offer is heard and shown, though one looks on; and says what became of it. */
  private async hearTest(at: string): Promise<void> {
    const { sounds, quiet_hours: quiet } = this.store.preferences.now;
    this.tested = { at, heardMs: this.store.now(), sound: null, isShown: false };
    this.store.changed();
    if (isQuiet(quiet, this.store.now())) {
      return;
    }
    const isWanted = this.hasVoice && sounds.offer && sounds.volume > 0;
    const hasSounded = isWanted && (await this.sound.play("offer", this.volume));
    const isShown = this.notices.showTest();
    const result = { at, hasSounded, isShown };
    this.channel?.postMessage(result);
    this.took(result, "this");
  }

  private hearResult(result: Result): void {
    this.took(result, "another");
  }

  private took({ at, hasSounded, isShown }: Result, tab: "this" | "another"): void {
    if (this.tested?.at === at) {
      const { sound, isShown: wasShown } = this.tested;
      this.tested = {
        ...this.tested,
        sound: hasSounded ? tab : sound,
        isShown: isShown || wasShown,
      };
      this.store.changed();
    }
  }

  private follow(): void {
    const { store } = this;
    const me = store.me.id ?? 0;
    if (me !== this.me) {
      this.me = me;
      this.own = null;
      this.waiting = [];
    }
    if (store.client.status !== "live" || !me) {
      return;
    }
    const own = ownOf(store.conversations, me, store.unreadOf);
    const news = newsOf(this.own, own);
    this.own = own;
    this.notices.follow(own);
    this.checkOnce();
    this.hear(news);
    this.ringAgain();
  }

  private hear(news: readonly News[]): void {
    const { preferences } = this.store;
    this.waiting.push(...news);
    if (!preferences.isKnown || !this.waiting.length) {
      return;
    }
    const all = this.waiting;
    this.waiting = [];
    if (!isQuiet(preferences.now.quiet_hours, this.store.now())) {
      void this.tell(all);
    }
  }

  private async tell(all: readonly News[]): Promise<void> {
    const { sounds } = this.store.preferences.now;
    const unseen: News[] = [];
    for (const one of all) {
      if (one.kind === "offer" || !(await this.sight.isSeen(one.conversation))) {
        unseen.push(one);
      }
    }
    const heard = unseen.filter(({ kind }) => sounds[switchOf(kind)]);
    const loudest = loudestOf(heard.map(({ kind }) => kind));
    if (loudest && sounds.volume > 0) {
      await this.ring(loudest);
    }
    if (!(await this.sight.isSeen())) {
      this.notices.show(unseen);
    }
  }

  /** Says it before anything is missed that one would hear nothing: a page just loaded was not pressed. */
  private checkOnce(): void {
    if (!this.isChecked) {
      this.isChecked = true;
      setTimeout(() => void this.check(), CHECK_MS);
    }
  }

  private async check(): Promise<void> {
    if (this.sound.state === "locked" && this.volume > 0) {
      this.setMuted(!(await heldNow(this.locks)).includes(VOICE));
    }
  }

  private setMuted(isMuted: boolean): void {
    if (isMuted !== this.isMuted) {
      this.isMuted = isMuted;
      this.store.changed();
    }
  }

  private async ring(kind: Kind, part = 1): Promise<void> {
    const isHeard = this.hasVoice && (await this.sound.play(kind, this.volume, part));
    this.setMuted(!isHeard && !(await heldNow(this.locks)).includes(VOICE));
  }

  private get volume(): number {
    return this.store.preferences.now.sounds.volume;
  }

  /** An offer sounds anew until it is answered. */
  private ringAgain(): void {
    const { sounds } = this.store.preferences.now;
    const isWanted =
      this.hasVoice && sounds.offer && sounds.repeat && (this.own?.offers.size ?? 0) > 0;
    if (!isWanted) {
      clearInterval(this.again);
      this.again = undefined;
      return;
    }
    this.again ??= setInterval(() => {
      const { preferences, client } = this.store;
      const isHushed = isQuiet(preferences.now.quiet_hours, this.store.now());
      if (client.status === "live" && !isHushed && this.volume > 0) {
        void this.ring("offer", AGAIN_PART);
      }
    }, AGAIN_MS);
  }

  /** A tab whose sound is let out queues to be the one that sounds; another gives that up. */
  private soundChanged(): void {
    if (this.sound.state === "ready") {
      this.isMuted = false;
      this.giveVoice ??= hold(this.locks, VOICE, "exclusive", () => {
        this.hasVoice = true;
        this.ringAgain();
      });
    } else {
      this.giveVoice?.();
      this.giveVoice = null;
      this.hasVoice = false;
    }
    this.store.changed();
  }
}
