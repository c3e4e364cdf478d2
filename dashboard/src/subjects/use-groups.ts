import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getGroups } from "../api/subject-calls";
import { WHILE_AWAY } from "../api/while-away";
import { type Period, since } from "./period";

export const GROUPS_KEY = "groups";

interface Asked {
  /** What the activities of a group have in common; without it, all are one group. */
  by?: "action_type" | "user_id" | "network" | "ip" | "resource_type";
  filter?: Record<string, string>;
  period?: Period;
  limit?: number;
  p95?: boolean;
}

/** Groups of the activities of a filter, the largest first. */
export function useGroups({ by, filter = {}, period = "all", limit = 50, p95 = false }: Asked) {
  const asked = { ...filter, ...(by && { by }), ...(p95 && { p95: "true" }), limit: String(limit) };
  return useQuery({
    queryKey: [GROUPS_KEY, asked, period],
    queryFn: ({ signal }) => getGroups(new URLSearchParams({ ...asked, ...since(period) }), signal),
    placeholderData: keepPreviousData,
    ...WHILE_AWAY,
  });
}
