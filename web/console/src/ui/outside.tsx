/** A link to a page outside: it leaves the console and tells nobody where from. */
import { webAddress } from "./address";

interface Props {
  readonly address: string;
  /** In place of the address. */
  readonly title?: string | undefined;
}

export function Outside({ address, title }: Props) {
  const href = webAddress(address);
  const words = title || address;
  return href ? (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {words}
    </a>
  ) : (
    words
  );
}
