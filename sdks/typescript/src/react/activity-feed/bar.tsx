import { visibleText } from "../../display/visible-text.js";
import { type Choices, isChosen, NO_CHOICES, type RangeChoice, withRange } from "./choices.js";
import { MomentField, SelectField, TextField } from "./fields.js";
import type { ActionChoice, ActivityFeedControl } from "./props.js";
import { useWords } from "./words.js";

interface BarProps {
  choices: Choices;
  onChoose: (choices: Choices) => void;
  controls: readonly ActivityFeedControl[];
  actions: readonly (string | ActionChoice)[];
}

/** The filters. Each control says what it is by its first choice or its placeholder, and by its label. */
export function Bar({ choices, onChoose, controls, actions }: BarProps) {
  const { labels } = useWords();
  const choose = (change: Partial<Choices>) => onChoose({ ...choices, ...change });
  const has = (control: ActivityFeedControl) => controls.includes(control);
  return (
    // biome-ignore lint/a11y/useSemanticElements: React 18 does not know the element <search>
    <form
      role="search"
      aria-label={labels.filters}
      className="livetrail-bar"
      onSubmit={(event) => event.preventDefault()}
    >
      {has("search") && (
        <TextField label={labels.search} value={choices.search} onChange={(search) => choose({ search })} />
      )}
      {has("user") && (
        <TextField label={labels.user} value={choices.user} onChange={(user) => choose({ user })} />
      )}
      {has("action") && (
        <ActionField value={choices.action} actions={actions} onChange={(action) => choose({ action })} />
      )}
      {has("result") && (
        <SelectField
          label={labels.result}
          value={choices.result}
          onChange={(result) => choose({ result: result as Choices["result"] })}
        >
          <option value="">{labels.anyResult}</option>
          <option value="true">{labels.success}</option>
          <option value="false">{labels.failure}</option>
        </SelectField>
      )}
      {has("range") && <RangeField choices={choices} onChoose={onChoose} />}
      {isChosen(choices) && (
        <button type="button" className="livetrail-button" onClick={() => onChoose(NO_CHOICES)}>
          {labels.clearFilters}
        </button>
      )}
    </form>
  );
}

interface ActionFieldProps {
  value: string;
  actions: BarProps["actions"];
  onChange: (value: string) => void;
}

function ActionField({ value, actions, onChange }: ActionFieldProps) {
  const { labels } = useWords();
  const choices = actions.map((action) =>
    typeof action === "string" ? { value: action, label: labels.actionName(action) } : action,
  );
  return (
    <SelectField label={labels.action} value={value} onChange={onChange}>
      <option value="">{labels.anyAction}</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {visibleText(choice.label)}
        </option>
      ))}
    </SelectField>
  );
}

function RangeField({ choices, onChoose }: Pick<BarProps, "choices" | "onChoose">) {
  const { labels } = useWords();
  const ranges: [RangeChoice, string][] = [
    ["any", labels.anyTime],
    ["hour", labels.lastHour],
    ["day", labels.lastDay],
    ["week", labels.lastWeek],
    ["month", labels.lastMonth],
    ["own", labels.ownRange],
  ];
  return (
    <>
      <SelectField
        label={labels.range}
        value={choices.range}
        onChange={(range) => onChoose(withRange(choices, range as RangeChoice, Date.now() / 1_000))}
      >
        {ranges.map(([range, label]) => (
          <option key={range} value={range}>
            {label}
          </option>
        ))}
      </SelectField>
      {choices.range === "own" && (
        <>
          <MomentField
            label={labels.from}
            value={choices.from}
            onChange={(from) => onChoose({ ...choices, from })}
          />
          <MomentField
            label={labels.until}
            value={choices.until}
            onChange={(until) => onChoose({ ...choices, until })}
          />
        </>
      )}
    </>
  );
}
