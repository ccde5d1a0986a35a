/** How components take what they show from the store. */
import type { Chat } from "client";
import type { Contact, Conversation } from "protocol";
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Store } from "./store";

export const StoreContext = createContext<Store | null>(null);

/** For acts; what is shown is taken by `useStore`. */
export function useStoreItself(): Store {
  const store = useContext(StoreContext);
  if (!store) {
    throw new Error("there is no store above this component");
  }
  return store;
}

/** What `select` takes; it is drawn anew when that is another value. It makes no new object. */
export function useStore<T>(select: (store: Store) => T): T {
  const store = useStoreItself();
  return useSyncExternalStore(store.subscribe, () => select(store));
}

export function useConversation(id: number): Conversation | undefined {
  return useStore((store) => store.conversation(id));
}

/** undefined: it is not here yet. */
export function useContact(id: number | undefined): Contact | undefined {
  const store = useStoreItself();
  useEffect(() => {
    if (id !== undefined) {
      store.contacts.want(id);
    }
  }, [store, id]);
  return useStore(({ contacts }) => (id === undefined ? undefined : contacts.get(id)));
}

/** An open conversation; null: it is being opened. After a sign-in it is another. */
export function useChat(id: number): Chat | null {
  const store = useStoreItself();
  const signIns = useStore((one) => one.signIns);
  const [chat, setChat] = useState<Chat | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a sign-in closes all chats
  useEffect(() => {
    const opened = store.open(id);
    setChat(opened);
    return () => opened.close();
  }, [store, id, signIns]);
  return chat?.id === id ? chat : null;
}
