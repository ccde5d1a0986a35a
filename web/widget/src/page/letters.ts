/**
 * Whose conversations this browser has: its own, or those of whoever got a letter whose link it opened.
 *
 * Rules: a browser that is somebody already keeps their token and words aside for a letter's
 * conversation, which has a name of its own to keep things under; there is a way back. The next
 * letter is another conversation: nothing of the one before is left.
 */
import { deviceToken, freshToken } from "client/device";
import { Memory } from "client/memory";
import { forget, recallKeys, thisTab } from "shared/view/memory";
import { random, storage } from "../app";

const ASIDE = "aside";

export class Letters {
  private readonly name: string;
  private readonly own: Memory;
  private readonly letter: Memory;

  /** `name`: under which one's own things are kept, of whoever the site has named. */
  constructor(own: Memory, name: string) {
    this.name = name;
    this.own = own;
    this.letter = new Memory(storage(), `${name}~letter`);
  }

  get isAside(): boolean {
    return this.own.get(ASIDE) !== null;
  }

  get scope(): string {
    return this.isAside ? `${this.name}~letter` : this.name;
  }

  get token(): string {
    return deviceToken(this.here, random);
  }

  /** A new token for a letter's conversation; one's own is kept. */
  setAside(): string {
    this.forgetLetter();
    this.own.set(ASIDE, "1");
    return freshToken(this.letter, random);
  }

  takeBack(): void {
    this.own.remove(ASIDE);
    this.forgetLetter();
  }

  /** Whether this browser used the link before; a part of it is kept, which opens nothing. */
  isOpened(link: string): boolean {
    return this.here.get("opened") === partOf(link);
  }

  /** The link made this browser the `contact`'s. */
  opened(link: string, contact: number): void {
    this.here.set("opened", partOf(link));
    this.here.set("who", String(contact));
  }

  private get here(): Memory {
    return this.isAside ? this.letter : this.own;
  }

  private forgetLetter(): void {
    for (const key of this.letter.keys("")) {
      this.letter.remove(key);
    }
    for (const key of recallKeys(`${this.name}~letter.`, thisTab)) {
      forget(`${this.name}~letter.${key}`, thisTab);
    }
  }
}

function partOf(link: string): string {
  return link.slice(3, 15);
}
