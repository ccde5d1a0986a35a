/** The realtime protocol `kefu.v1` for TypeScript, without network and page. */
export * as choices from "./choices";
export * from "./closing";
export * as devices from "./devices";
export * from "./frames";
export * as list from "./list";
export * as lost from "./lost";
export * from "./reducer";
export * from "./routes";
export * from "./sending";
export * as team from "./team";
export * as thread from "./thread";
export type * from "./types";
export { TYPING_MS, type Typist } from "./typing";
