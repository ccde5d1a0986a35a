/** The words of the shop, in the page's language. */
import { Words } from "shared/i18n/words";
import { TEXTS } from "./texts";

export const words = new Words(TEXTS);
