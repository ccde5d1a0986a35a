/** The agent's page. */
import { RoomPage } from "./room-page";

new RoomPage("kefu");
