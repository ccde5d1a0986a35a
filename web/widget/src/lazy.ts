/**
 * A part of the program that is loaded when it is first needed.
 *
 * Rules: what could not be loaded is tried again, ever more slowly, for as long as somebody needs it:
 * the visitor may have been in a tunnel. That it is missing is said once that did not help at once.
 * Where asking for it does not help either although the server is there, the server has other files by
 * now, as after an upgrade: the document starts anew. What was written is kept.
 */
import { retryDelayMs } from "shared/core/backoff";

export class Lazy<T> {
  value: T | null = null;
  /** Somebody needs it, and it could not be loaded. */
  isMissing = false;
  private isAsked = false;
  private hurry = () => undefined as unknown;
  private loading: Promise<T> | null = null;
  private readonly load: () => Promise<T>;
  private readonly changed: () => void;

  /** `changed`: called once it is here, or missing. */
  constructor(load: () => Promise<T>, changed: () => void) {
    this.load = load;
    this.changed = changed;
  }

  /** What is here now; asks for it if it is not. */
  get now(): T | null {
    void this.get();
    return this.value;
  }

  get(): Promise<T> {
    this.loading ??= this.attempt(0);
    return this.loading;
  }

  /** Tries at once. */
  retry(): void {
    this.isAsked = true;
    this.isMissing = false;
    this.changed();
    this.hurry();
  }

  private async attempt(count: number): Promise<T> {
    try {
      this.value = await this.load();
    } catch {
      if (this.isAsked) {
        fetch(location.href).then(
          ({ ok }) => ok && location.reload(),
          () => undefined,
        );
      }
      this.isMissing = count > 0;
      this.changed();
      await new Promise((resolve) => {
        this.hurry = () => resolve(null);
        setTimeout(resolve, retryDelayMs(count, Math.random()));
      });
      return this.attempt(count + 1);
    }
    this.isMissing = false;
    this.changed();
    return this.value;
  }
}
