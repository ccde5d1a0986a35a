/**
 * Which conversation is in sight in which tab: what one looks at makes no sound.
 *
 * Rules: in sight is what a tab shows that has the focus. Each tab says it by a shared lock of that name.
 */
import type { Router } from "../shell/router";
import { heldNow, hold } from "./locks";

const NAME = "kefu.console.sight";

export class Sight {
  private readonly page: Window;
  private readonly router: Router;
  private readonly locks: LockManager | undefined;
  private name: string | null = null;
  private release: () => void = () => undefined;

  constructor(page: Window, router: Router) {
    this.page = page;
    this.router = router;
    this.locks = page.navigator.locks as LockManager | undefined;
    for (const sign of ["focus", "blur", "pageshow"]) {
      page.addEventListener(sign, this.look);
    }
    page.document.addEventListener("visibilitychange", this.look);
    router.subscribe(this.look);
    this.look();
  }

  /** Some tab of this browser has the focus; `conversation`: and shows it. */
  async isSeen(conversation?: number): Promise<boolean> {
    const names = this.locks ? await heldNow(this.locks) : [this.name ?? ""];
    return names.some((one) =>
      conversation === undefined ? one.startsWith(NAME) : one === `${NAME}.${conversation}`,
    );
  }

  private readonly look = (): void => {
    const { document } = this.page;
    const { route } = this.router;
    const open = route.page === "inbox" ? route.conversation : null;
    const isSeen = document.visibilityState === "visible" && document.hasFocus();
    const name = isSeen ? `${NAME}.${open ?? 0}` : null;
    if (name !== this.name) {
      this.name = name;
      this.release();
      this.release = name === null ? () => undefined : hold(this.locks, name, "shared");
    }
  };
}
