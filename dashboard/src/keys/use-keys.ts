import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createKey, listKeys, revokeKey } from "../api/key-calls";
import { WHILE_AWAY } from "../api/while-away";

const KEYS_KEY = ["keys"];

export const useKeys = () =>
  useQuery({ queryKey: KEYS_KEY, queryFn: ({ signal }) => listKeys(signal), ...WHILE_AWAY });

/** The list is read again after each change. */
export function useCreateKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: createKey,
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS_KEY }),
  });
}

export function useRevokeKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: revokeKey,
    // Also after a refusal: another admin may have revoked it.
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS_KEY }),
  });
}
