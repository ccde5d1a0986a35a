/** The way where WebSocket is barred, with the team's commands as requests; loaded when it is needed. */
import { fallbackOn } from "client/fallback";
import { teamRoutes } from "protocol";

export const wire = fallbackOn(teamRoutes);
