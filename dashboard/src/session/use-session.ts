import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { closeSession, getSession, openSession } from "../api/calls";
import { ApiError } from "../api/client";
import type { Session } from "../api/types";

export const SESSION_KEY = ["session"] as const;

/** Null: signed out, which is an answer and no error. */
async function readSession({ signal }: { signal: AbortSignal }): Promise<Session | null> {
  try {
    return await getSession(signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export function useSession(enabled = true) {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: readSession,
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: openSession,
    onSuccess: (session) => queries.setQueryData(SESSION_KEY, session),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: closeSession,
    onSuccess: () => {
      queries.setQueryData(SESSION_KEY, null);
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
    },
  });
}
