import { ActionMark, ResultBadge } from "../activity/cells";
import { type Field, fieldText, SECTIONS } from "../activity/sections";
import { writeJson } from "../api/json";
import type { Activity } from "../api/types";
import type { Filter } from "../filters/view";
import { Block } from "../ui/block";
import { CopyButton } from "../ui/copy-button";
import { formatDateTime } from "../ui/format";
import { ScrollRegion } from "../ui/scroll-region";
import { SenderText } from "../ui/sender-text";
import { TimeAgo } from "../ui/time-ago";
import { ChangesTable } from "./changes-table";
import { JsonView } from "./json-view";
import { Shortcuts } from "./shortcuts";

interface DetailBodyProps {
  activity: Activity;
  titleId: string;
  onFilter: (filter: Partial<Filter>) => void;
}

export function DetailBody({ activity, titleId, onFilter }: DetailBodyProps) {
  return (
    <div className="flex flex-col gap-6 px-5 py-5">
      <div className="flex flex-col gap-4">
        <div className="flex items-start gap-3">
          <ActionMark activity={activity} />
          <div className="flex min-w-0 flex-col gap-1.5">
            <h2 id={titleId} className="text-base/6 font-semibold wrap-anywhere text-ink">
              <SenderText text={activity.description} sentence />
            </h2>
            <p className="flex flex-wrap items-center gap-2 text-xs text-muted">
              <ResultBadge activity={activity} />
              <span>{formatDateTime(activity.timestamp)}</span>
              <TimeAgo seconds={activity.timestamp} className="text-faint" />
            </p>
          </div>
        </div>
        {activity.error_message && (
          <ScrollRegion
            label="Error"
            className="max-h-60 overflow-auto rounded-lg bg-bad-soft px-3 py-2 text-xs break-words whitespace-pre-wrap text-bad"
          >
            <SenderText text={activity.error_message} lines />
          </ScrollRegion>
        )}
        <Shortcuts activity={activity} onFilter={onFilter} />
      </div>
      {activity.changes && Object.keys(activity.changes).length > 0 && (
        <Block title="Changes" tools={<CopyJson value={activity.changes} what="changes" />}>
          <ChangesTable changes={activity.changes} />
        </Block>
      )}
      {activity.details && Object.keys(activity.details).length > 0 && (
        <Block title="Details" tools={<CopyJson value={activity.details} what="details" />}>
          <JsonView value={activity.details} label="Details" />
        </Block>
      )}
      {SECTIONS.filter((section) => section.fields.length > 0).map((section) => (
        <Block key={section.id} title={section.title}>
          <Fields fields={section.fields} activity={activity} />
        </Block>
      ))}
    </div>
  );
}

const CopyJson = ({ value, what }: { value: unknown; what: string }) => (
  <CopyButton text={writeJson(value)} label={`Copy ${what} as JSON`} />
);

/** What is known, a row each; what is not is only named, since it is half of most activities. */
function Fields({ fields, activity }: { fields: readonly Field[]; activity: Activity }) {
  const texts = fields.map((field) => ({ field, text: fieldText(field, activity) }));
  const known = texts.flatMap(({ field, text }) => (text === null ? [] : [{ field, text }]));
  const missing = texts.filter(({ text }) => text === null).map(({ field }) => field.label);
  return (
    <>
      {known.length > 0 && (
        <dl className="overflow-hidden rounded-lg border border-line">
          {known.map(({ field, text }) => (
            <FieldRow key={field.key} field={field} text={text} />
          ))}
        </dl>
      )}
      {missing.length > 0 && <p className="px-3 text-2xs text-faint">Not recorded: {missing.join(", ")}</p>}
    </>
  );
}

function FieldRow({ field, text }: { field: Field; text: string }) {
  return (
    <div className="group flex min-h-8 items-start gap-3 border-line px-3 py-1 not-first:border-t">
      <dt className="w-32 shrink-0 py-0.5 text-xs text-faint">{field.label}</dt>
      <dd className="flex min-w-0 flex-1 items-start justify-between gap-2">
        <span
          className={`min-w-0 py-0.5 text-xs break-words text-ink ${field.lines ? "whitespace-pre-wrap" : ""} ${field.mono ? "font-mono break-all" : ""}`}
        >
          {field.text ? text : <SenderText text={text} lines={field.lines ?? false} />}
        </span>
        <CopyButton
          text={text}
          label={`Copy ${field.label.toLowerCase()}`}
          className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 max-md:opacity-100"
        />
      </dd>
    </div>
  );
}
