/** A page of text, such as the licences or "not found": nothing moves but its language. */

import { words } from "./i18n/language";

words.start();
