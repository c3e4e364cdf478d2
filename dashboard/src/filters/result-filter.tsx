import { type Segment, Segments } from "../ui/segments";
import type { Filter } from "./view";

const CHOICES: readonly Segment<Filter["success_filter"]>[] = [
  { value: null, label: "All" },
  { value: "success", label: "Success", tone: "good" },
  { value: "failure", label: "Failed", tone: "bad" },
];

interface ResultFilterProps {
  value: Filter["success_filter"];
  onChange: (change: Partial<Filter>) => void;
}

export function ResultFilter({ value, onChange }: ResultFilterProps) {
  return (
    <Segments
      label="Result"
      choices={CHOICES}
      value={value}
      onChange={(success_filter) => onChange({ success_filter })}
    />
  );
}
