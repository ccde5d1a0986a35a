/** A button that copies what stands in an element, and says that it did. */
import { type ReactNode, type RefObject, useState } from "react";
import { type TextKey, useTexts } from "../texts/texts";
import { Button } from "../ui/button";

interface Props {
  readonly label: string;
  readonly from: RefObject<HTMLElement | null>;
  readonly autoFocus?: boolean;
  /** What else one can do with it. */
  readonly children?: ReactNode;
}

export function Copy({ label, from, autoFocus = false, children }: Props) {
  const { t } = useTexts();
  const [said, setSaid] = useState<TextKey | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(from.current?.textContent ?? "");
      setSaid("welcome:copied");
    } catch {
      // A page that did not come by https may not; whoever it is copies the marked text by a key.
      getSelection()?.selectAllChildren(from.current as Node);
      setSaid("welcome:marked");
    }
  };
  return (
    <>
      <Button kind="solid" icon="copy" autoFocus={autoFocus} onPress={() => void copy()}>
        {label}
      </Button>
      {children}
      <span role="status">{said && t(said)}</span>
    </>
  );
}
