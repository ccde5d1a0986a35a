/** A menu under the button that opens it: an icon, what it does, its key. */
import type { ReactElement, ReactNode } from "react";
import {
  Menu as AriaMenu,
  Header,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Separator,
} from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import type { Act } from "../keys/keys";
import { Icon, type IconName } from "./icon";
import { Keys } from "./keys";
import styles from "./menu.module.css";

interface Props {
  readonly label: string;
  readonly button: ReactElement;
  readonly placement?: "bottom end" | "bottom start" | "top start";
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

export function Menu({ label, button, placement = "bottom end", children, ...open }: Props) {
  return (
    <MenuTrigger {...open}>
      {button}
      <Popover className={styles.pop ?? ""} placement={placement} offset={4}>
        <AriaMenu className={styles.menu ?? ""} aria-label={label}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

interface AtProps {
  readonly label: string;
  /** The element that it was opened from. */
  readonly at: Element;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A menu at an element that is none of its own, open as long as it is there. */
export function MenuAt({ label, at, onClose, children }: AtProps) {
  return (
    <Popover
      className={styles.pop ?? ""}
      aria-label={label}
      triggerRef={{ current: at }}
      placement="bottom end"
      offset={4}
      isOpen
      onOpenChange={onClose}
    >
      <AriaMenu
        className={styles.menu ?? ""}
        aria-label={label}
        autoFocus="first"
        onClose={onClose}
      >
        {children}
      </AriaMenu>
    </Popover>
  );
}

interface ItemProps {
  readonly label: string;
  readonly icon?: IconName;
  readonly act?: Act;
  /** In place of a key: a time, a word. */
  readonly end?: ReactNode;
  readonly isDanger?: boolean;
  /** It is what is chosen now. */
  readonly isOn?: boolean;
  readonly onAction: () => void;
}

export function Item({ label, icon, act, end, isDanger, isOn, onAction }: ItemProps) {
  const kinds = [styles.item, isDanger && styles.danger];
  return (
    <MenuItem className={kinds.filter(Boolean).join(" ")} textValue={label} onAction={onAction}>
      {icon && <Icon name={icon} />}
      <span>{label}</span>
      <span className={styles.end}>
        {end}
        {isOn && <Icon name="check" />}
        <Keys act={act} />
      </span>
    </MenuItem>
  );
}

export function Section({ label, children }: { label: string; readonly children: ReactNode }) {
  return (
    <MenuSection>
      <Header className={styles.caption ?? ""}>{label}</Header>
      {children}
    </MenuSection>
  );
}

export function Line() {
  return <Separator className={styles.line ?? ""} />;
}
