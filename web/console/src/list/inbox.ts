/** A list with or without a conversation beside it, as the address has it. */
import type { Route } from "../shell/routes";

export type Inbox = Extract<Route, { readonly page: "inbox" }>;
