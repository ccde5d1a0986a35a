/** A button that is an icon; `label` says what it does. */
import type { JSX } from "preact";
import { Icon, type IconName } from "./icon";

interface Props extends JSX.HTMLAttributes<HTMLButtonElement> {
  readonly icon: IconName;
  readonly label: string;
}

export function IconButton({ icon, label, ...more }: Props) {
  return (
    <button class="k-icon" type="button" aria-label={label} {...more}>
      <Icon name={icon} />
    </button>
  );
}
