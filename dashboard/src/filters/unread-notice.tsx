import { TriangleAlert } from "lucide-react";
import { useLocation, useSearch } from "wouter";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { type Parsers, type Unread, unreadParameters, withoutUnread } from "./unread";

/** Names what the address says and the page cannot follow, so that what is shown is not taken for it. */
export function UnreadNotice({ parsers }: { parsers?: Parsers }) {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const unread = unreadParameters(search, parsers);
  if (unread.length === 0) return null;
  const remove = () => {
    const rest = withoutUnread(search, parsers);
    navigate(rest ? `${path}?${rest}` : path, { replace: true });
  };
  return (
    <div
      role="alert"
      className="flex flex-wrap items-start gap-x-4 gap-y-2 rounded-xl border border-warn/40 bg-warn-soft px-4 py-2.5 text-xs text-warn"
    >
      <TriangleAlert aria-hidden className="mt-1.5 size-4" />
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1 py-1.5">
        <p className="font-medium">The address asks for more than what is shown here.</p>
        <ul className="flex flex-col gap-0.5">
          {unread.map((parameter, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a parameter may occur twice
            <li key={index}>
              <Parameter {...parameter} />
            </li>
          ))}
        </ul>
      </div>
      <Button onClick={remove}>Remove from the address</Button>
    </div>
  );
}

const MAX_VALUE_LENGTH = 80;

function Parameter({ name, value, why }: Unread) {
  const shown = value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value;
  return (
    <>
      <code className="font-mono break-all text-ink">
        <SenderText text={`${name}=${shown}`} />
      </code>{" "}
      {why}.
    </>
  );
}
