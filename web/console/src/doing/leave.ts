/** What is unread again is left: what is open counts as read. */
import { useRoute, useRouter } from "../shell/router";

/** Leaves the conversation that is open, if it is one of these. */
export function useLeave(): (ids: readonly number[]) => void {
  const router = useRouter();
  const route = useRoute();
  return (ids) => {
    if (route.page === "inbox" && route.conversation !== null && ids.includes(route.conversation)) {
      router.go({ ...route, conversation: null });
    }
  };
}
