/**
 * Buttons: with words, or with an icon and a tooltip that names it and its key.
 *
 * Rules: `data-…` goes to the element, so that tests find it. A button that cannot be used now says why.
 */
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components/Button";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { useKeys } from "../keys/acts";
import { type Act, spokenOf } from "../keys/keys";
import { isMac } from "../keys/system";
import styles from "./button.module.css";
import { Icon, type IconName } from "./icon";
import { Keys } from "./keys";

type Shown = RefObject<HTMLButtonElement | null>;

interface Props extends Omit<ButtonProps, "className" | "children"> {
  readonly kind?: "plain" | "line" | "solid" | "danger";
  readonly isSmall?: boolean;
  readonly icon?: IconName;
  readonly act?: Act;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Button(props: Props) {
  const { kind = "line", isSmall = false, icon, act, className = "", children, ...rest } = props;
  const button = useShortcut(act);
  const kinds = [styles.button, styles[kind], isSmall && styles.small, className];
  return (
    <AriaButton {...rest} ref={button} className={kinds.filter(Boolean).join(" ")}>
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  );
}

interface IconProps extends Omit<ButtonProps, "className" | "children"> {
  readonly icon: IconName;
  readonly label: string;
  readonly act?: Act;
  readonly isSmall?: boolean;
  /** For what lies beside it. */
  readonly buttonRef?: Shown;
  /** Of a switch. */
  readonly isOn?: boolean;
  readonly className?: string | undefined;
}

export function IconButton(props: IconProps) {
  const { icon, label, act, isSmall = false, buttonRef, isOn, className = "", ...rest } = props;
  const button = useShortcut(act, buttonRef);
  const kinds = [styles.icon, isSmall && styles.small, isOn && styles.on, className];
  const pressed = isOn === undefined ? {} : { "aria-pressed": isOn };
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      <AriaButton
        {...rest}
        {...pressed}
        ref={button}
        aria-label={label}
        className={kinds.filter(Boolean).join(" ")}
      >
        <Icon name={icon} />
      </AriaButton>
      <Tooltip className={styles.tip ?? ""} offset={6}>
        {label}
        <Keys act={act} />
      </Tooltip>
    </TooltipTrigger>
  );
}

/** Tells the act's key to who cannot see it; React Aria passes the attribute on to no element. */
function useShortcut(act: Act | undefined, given?: Shown): Shown {
  const keys = useKeys();
  const chord = act && (keys[act].anywhere ?? keys[act].outside);
  const own = useRef<HTMLButtonElement>(null);
  const button = given ?? own;
  useEffect(() => {
    if (chord) {
      button.current?.setAttribute("aria-keyshortcuts", spokenOf(chord, isMac));
    } else {
      button.current?.removeAttribute("aria-keyshortcuts");
    }
  }, [chord, button]);
  return button;
}
