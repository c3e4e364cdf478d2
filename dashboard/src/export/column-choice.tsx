import { type Text, t } from "../texts/texts";
import { Segments } from "../ui/segments";
import { COLUMNS, type ColumnName, FOR_PEOPLE } from "./columns";

interface ColumnChoiceProps {
  /** Null for all of them. */
  chosen: readonly ColumnName[] | null;
  onChange: (columns: readonly ColumnName[] | null) => void;
}

const CHOICES = [
  { value: "all", label: "All columns" },
  { value: "some", label: "Chosen columns" },
] as const satisfies readonly { value: string; label: Text }[];

/** Which columns a file has, in the order of the server. */
export function ColumnChoice({ chosen, onChange }: ColumnChoiceProps) {
  const toggle = (name: ColumnName) =>
    onChange(COLUMNS.filter((column) => (column === name) !== (chosen ?? []).includes(column)));
  return (
    <div className="flex flex-col gap-2">
      <Segments
        label={t("Columns")}
        choices={CHOICES.map((choice) => ({ ...choice, label: t(choice.label) }))}
        value={chosen ? "some" : "all"}
        onChange={(value) => onChange(value === "all" ? null : FOR_PEOPLE)}
      />
      {chosen && (
        <fieldset
          aria-label={t("Chosen columns")}
          className="grid max-h-44 grid-cols-2 gap-x-3 overflow-y-auto rounded-md border border-line p-2"
        >
          {COLUMNS.map((name) => (
            <label key={name} className="flex h-6 min-w-0 items-center gap-2 font-mono text-2xs">
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={() => toggle(name)}
                className="size-3.5 shrink-0 accent-accent-solid"
              />
              <span className="truncate">{name}</span>
            </label>
          ))}
        </fieldset>
      )}
      {chosen?.length === 0 && (
        <p role="status" className="text-2xs text-bad">
          {t("Choose one column at least.")}
        </p>
      )}
    </div>
  );
}
