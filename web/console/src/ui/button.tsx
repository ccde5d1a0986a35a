/**
 * Buttons: with words, or with an icon and a tooltip that names it and its key.
 *
 * Rules: `data-…` goes to the element, so that tests find it. A button that cannot be used now says why.
 */
import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components/Button";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { type Act, KEYS, spokenOf } from "../keys/keys";
import { isMac } from "../keys/system";
import styles from "./button.module.css";
import { Icon, type IconName } from "./icon";
import { Keys } from "./keys";

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
  const kinds = [styles.button, styles[kind], isSmall && styles.small, className];
  return (
    <AriaButton {...rest} {...shortcut(act)} className={kinds.filter(Boolean).join(" ")}>
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
  readonly buttonRef?: Ref<HTMLButtonElement>;
  /** Of a switch. */
  readonly isOn?: boolean;
  readonly className?: string | undefined;
}

export function IconButton(props: IconProps) {
  const { icon, label, act, isSmall = false, buttonRef, isOn, className = "", ...rest } = props;
  const kinds = [styles.icon, isSmall && styles.small, isOn && styles.on, className];
  const pressed = isOn === undefined ? {} : { "aria-pressed": isOn };
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      <AriaButton
        {...rest}
        {...pressed}
        {...shortcut(act)}
        {...(buttonRef && { ref: buttonRef })}
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

function shortcut(act: Act | undefined): object {
  const chord = act && (KEYS[act].anywhere ?? KEYS[act].outside);
  return chord ? { "aria-keyshortcuts": spokenOf(chord, isMac) } : {};
}
