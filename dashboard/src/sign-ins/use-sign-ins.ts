import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endSession, listSignedIn } from "../api/sign-in-calls";
import { WHILE_AWAY } from "../api/while-away";

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

export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: endSession,
    // Also after a refusal: the session may have ended by itself.
    onSettled: () => queries.invalidateQueries({ queryKey: [SIGNED_IN_KEY] }),
  });
}
