import { useQuery } from "@tanstack/react-query";
import { getCatalogue } from "../api/calls";

export function useCatalogue() {
  return useQuery({
    queryKey: ["catalogue"],
    queryFn: ({ signal }) => getCatalogue(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
