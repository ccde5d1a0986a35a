/** The page of licences: what it lists was put in by the build; here is only its frame's language. */

import { words } from "./i18n/language";

words.start();
