import { useLocation, useSearch } from "wouter";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { Warning } from "../ui/warning";
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
    <Warning role="alert" action={<Button onClick={remove}>{t("Remove from the address")}</Button>}>
      <p className="font-medium">{t("The address asks for more than what is shown here.")}</p>
      <ul className="flex flex-col gap-0.5">
        {unread.map((parameter, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a parameter may occur twice
          <li key={index}>
            <Parameter {...parameter} />
          </li>
        ))}
      </ul>
    </Warning>
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
      {t(why)}.
    </>
  );
}
