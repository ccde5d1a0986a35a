/** People are round and programs square; what stands in it says nothing that is not beside it in words. */
import type { Person } from "protocol";
import { initial } from "shared/view/dom";
import { Drawn } from "./icon";
import { tintOf } from "./tint";

const BOT =
  "M6 7h8a2.5 2.5 0 0 1 2.5 2.5v4A2.5 2.5 0 0 1 14 16H6a2.5 2.5 0 0 1-2.5-2.5v-4A2.5 2.5 0 0 1 6 7z" +
  "M10 7V3.5M7.5 11h.01M12.5 11h.01M8 13.5h4";

export function Avatar({ who, isSmall }: { readonly who: Person; readonly isSmall?: boolean }) {
  const isBot = who.role === "bot";
  const tint = isBot ? " bot" : tintOf(who.id);
  return (
    <span class={`k-av${tint}${isSmall ? " m" : ""}`} aria-hidden="true">
      {isBot ? <Drawn path={BOT} /> : initial(who.name)}
    </span>
  );
}
