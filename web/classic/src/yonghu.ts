/** The visitor's page. */
import { RoomPage } from "./room-page";

new RoomPage("yonghu");
