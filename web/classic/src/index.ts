/** The landing page: links, and the language they are in. */
import { startLanguage } from "./i18n/language";

startLanguage();
