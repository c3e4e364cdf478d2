import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endSession, listSignedIn } from "../api/sign-in-calls";
import { WHILE_AWAY } from "../api/while-away";
import { SESSION_KEY } from "../session/use-session";

const SIGNED_IN_KEY = "signed-in";
const PAGE_SIZE = 50;

/** A page of those who are signed in, the one that was seen last first. */
export const useSignedIn = (page: number) =>
  useQuery({
    queryKey: [SIGNED_IN_KEY, page],
    queryFn: ({ signal }) =>
      listSignedIn(new URLSearchParams({ page: String(page), limit: String(PAGE_SIZE) }), signal),
    placeholderData: keepPreviousData,
    ...WHILE_AWAY,
  });

/** Ends sessions. After the end of one's own there is nothing more to read: one is signed out. */
export function useEndSession(isOwn: boolean) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: endSession,
    onSuccess: () => {
      if (isOwn) queries.setQueryData(SESSION_KEY, null);
    },
    // Also after a refusal: the session may have ended by itself.
    onSettled: async (_, error) => {
      if (!isOwn || error) await queries.invalidateQueries({ queryKey: [SIGNED_IN_KEY] });
    },
  });
}
