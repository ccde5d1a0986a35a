/** The way over HTTP, where WebSocket is barred. */
import { fallbackOn } from "client/fallback";
import { visitorRoutes } from "protocol";

export const fallback = fallbackOn(visitorRoutes);
