import { ArrowDown, ArrowUp } from "lucide-react";
import { useId } from "react";
import { type Text, t } from "../texts/texts";
import { translated } from "../texts/translated";
import { IconButton } from "../ui/button";
import { Segments } from "../ui/segments";
import { Switch } from "../ui/switch";
import { optionalHeader } from "./columns";
import {
  chosenColumns,
  type Density,
  density,
  folding,
  OPTIONAL_COLUMNS,
  type OptionalColumn,
} from "./table-choices";

const DENSITIES = [
  { value: "compact", label: "Compact" },
  { value: "comfortable", label: "Comfortable" },
] as const satisfies readonly { value: Density; label: Text }[];

export default function TablePanel() {
  const chosen = chosenColumns.use();
  const rows = density.use();
  const folds = folding.use();
  const others = OPTIONAL_COLUMNS.filter((column) => !chosen.includes(column));
  return (
    <div className="flex flex-col gap-3 p-3 text-xs text-ink">
      <fieldset>
        <legend className="mb-1 text-2xs font-medium text-faint">{t("More columns")}</legend>
        {[...chosen, ...others].map((column) => (
          <ColumnChoice key={column} column={column} chosen={chosen} />
        ))}
      </fieldset>
      <div>
        <Segments
          label={t("Height of rows")}
          choices={translated(DENSITIES)}
          value={rows}
          onChange={density.set}
        />
      </div>
      <div className="flex items-center justify-between gap-3">
        <span>{t("Fold rows that say the same")}</span>
        <Switch label={t("Fold rows that say the same")} on={folds} onChange={folding.set} />
      </div>
    </div>
  );
}

interface ColumnChoiceProps {
  column: OptionalColumn;
  chosen: readonly OptionalColumn[];
}

function ColumnChoice({ column, chosen }: ColumnChoiceProps) {
  const id = useId();
  const at = chosen.indexOf(column);
  const name = optionalHeader(column);
  const others = chosen.filter((other) => other !== column);
  const moveTo = (index: number) => chosenColumns.set(others.toSpliced(index, 0, column));
  return (
    <div className="flex h-7 items-center gap-2">
      <input
        id={id}
        type="checkbox"
        checked={at >= 0}
        onChange={() => chosenColumns.set(at < 0 ? [...chosen, column] : others)}
        className="size-3.5 accent-(--accent-solid)"
      />
      <label htmlFor={id} className="flex h-full flex-1 items-center">
        {name}
      </label>
      {at >= 0 && chosen.length > 1 && (
        <>
          <IconButton
            size="tiny"
            label={t("{name}: one to the left", { name })}
            disabled={at === 0}
            onClick={() => moveTo(at - 1)}
          >
            <ArrowUp aria-hidden className="size-3.5" />
          </IconButton>
          <IconButton
            size="tiny"
            label={t("{name}: one to the right", { name })}
            disabled={at === chosen.length - 1}
            onClick={() => moveTo(at + 1)}
          >
            <ArrowDown aria-hidden className="size-3.5" />
          </IconButton>
        </>
      )}
    </div>
  );
}
