/** The first script of the chat: in the frame of a site's page, or as a page of its own. */
import { App } from "./app";
import { hostOf } from "./host";
import { widgetKeyOf } from "./place";

new App(widgetKeyOf(location.pathname), hostOf(window)).start(document.body);
