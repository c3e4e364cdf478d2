import { type FormEvent, useId, useState } from "react";
import { useGroups } from "../subjects/use-groups";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { visibleText } from "../ui/visible-text";

const OFFERED = 50;

interface UserFieldProps {
  user: string;
  onChange: (user: string) => void;
}

/** The id of a user. The most active users of the last month are offered, by id and name. */
export function UserField({ user, onChange }: UserFieldProps) {
  const [typed, setTyped] = useState(user);
  const list = useId();
  const { data } = useGroups({ by: "user_id", period: "30d", limit: OFFERED });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(typed.trim());
  };
  return (
    <form onSubmit={submit} className="flex min-w-0 items-center gap-2 max-sm:w-full">
      <input
        aria-label={t("User id")}
        list={list}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        placeholder={t("User id")}
        onChange={(event) => setTyped(event.target.value)}
        className="h-8 w-56 min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-xs placeholder:text-faint max-sm:flex-1"
      />
      <datalist id={list}>
        {data?.data.map(({ value, tenant_id, label }) => (
          <option
            key={`${value} ${tenant_id}`}
            value={value ?? ""}
            label={label ? visibleText(label) : undefined}
          />
        ))}
      </datalist>
      <Button type="submit">{t("Show|do")}</Button>
    </form>
  );
}
