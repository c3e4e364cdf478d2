import { type QueryKey, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { WHILE_AWAY } from "../api/while-away";
import { isRefused, NotForRole } from "../states/not-for-role";
import { SenderText } from "../ui/sender-text";

interface SectionProps<Data> {
  title: string;
  queryKey: QueryKey;
  read: (signal: AbortSignal) => Promise<Data>;
  children: (data: Data) => ReactNode;
}

/** A part of a page, which is asked for by itself: what one call refuses hides no other part. */
export function Section<Data>({ title, queryKey, read, children }: SectionProps<Data>) {
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => read(signal),
    ...WHILE_AWAY,
  });
  return (
    <section aria-label={title} className="border-b border-line px-3 py-3">
      <h2 className="pb-1.5 text-xs font-medium text-faint">{title}</h2>
      {data !== undefined && children(data)}
      {data === undefined && isRefused(error) && <NotForRole />}
      {data === undefined && error && !isRefused(error) && (
        <p className="text-muted">
          <SenderText text={error.message} lines />
        </p>
      )}
    </section>
  );
}
