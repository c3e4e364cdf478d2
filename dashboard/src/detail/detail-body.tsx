import { ActionMark, ResultBadge } from "../activity/cells";
import { type Field, fieldText, SECTIONS } from "../activity/sections";
import { writeJson } from "../api/json";
import type { Activity } from "../api/types";
import type { Filter } from "../filters/view";
import { ErrorBoundary } from "../states/error-boundary";
import { sentenceOf, titleOf } from "../texts/actions";
import { inSentence } from "../texts/in-sentence";
import { type Text, t } from "../texts/texts";
import { useTimes } from "../times/times";
import { Block } from "../ui/block";
import { CopyButton } from "../ui/copy-button";
import { ScrollRegion } from "../ui/scroll-region";
import { SenderText } from "../ui/sender-text";
import { Value, ValueButton } from "../values/value";
import { filterFor } from "../values/values-of";
import { ChangeList } from "./change-list";
import { SessionBlock, SharedBlocks } from "./related-blocks";
import { Shortcuts } from "./shortcuts";
import { ValueTree } from "./value-tree";
import { When } from "./when";

interface DetailBodyProps {
  activity: Activity;
  titleId: string;
  onFilter: (filter: Partial<Filter>) => void;
}

export function DetailBody({ activity, titleId, onFilter }: DetailBodyProps) {
  return (
    <div className="@container mx-auto flex w-full max-w-5xl flex-col gap-6 px-5 py-5">
      <div className="flex flex-col gap-3">
        <div className="flex items-start gap-3">
          <ActionMark activity={activity} />
          <h2 id={titleId} className="min-w-0 text-base/7 font-semibold wrap-anywhere text-ink">
            <SenderText text={sentenceOf(activity)} sentence />
          </h2>
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <ResultBadge activity={activity} />
          <When activity={activity} />
        </div>
        {activity.error_message && (
          <ScrollRegion
            label={t("Error")}
            className="max-h-60 overflow-auto rounded-lg bg-bad-soft px-3 py-2 text-xs break-words whitespace-pre-wrap text-bad"
          >
            <SenderText text={activity.error_message} lines />
          </ScrollRegion>
        )}
        <Shortcuts activity={activity} onFilter={onFilter} />
      </div>
      {activity.changes && Object.keys(activity.changes).length > 0 && (
        <Block
          title={t("Changes")}
          tools={<CopyJson value={activity.changes} label="Copy changes as JSON" />}
        >
          <ErrorBoundary what={t("The list of changes")} drawn={activity}>
            <ChangeList changes={activity.changes} />
          </ErrorBoundary>
        </Block>
      )}
      {activity.details && Object.keys(activity.details).length > 0 && (
        <Block
          title={t("Details")}
          tools={<CopyJson value={activity.details} label="Copy details as JSON" />}
        >
          <ErrorBoundary what={t("The tree of details")} drawn={activity}>
            <ValueTree value={activity.details} label={t("Details")} />
          </ErrorBoundary>
        </Block>
      )}
      <ErrorBoundary what={t("The session")} drawn={activity}>
        <SessionBlock activity={activity} />
      </ErrorBoundary>
      {SECTIONS.map((section) => (
        <FieldsBlock key={section.id} title={t(section.title)} fields={section.fields} activity={activity} />
      ))}
      <SharedBlocks activity={activity} />
    </div>
  );
}

const CopyJson = ({ value, label }: { value: unknown; label: Text }) => (
  <CopyButton text={() => writeJson(value)} label={t(label)} />
);

interface FieldsBlockProps {
  title: string;
  fields: readonly Field[];
  activity: Activity;
}

/** What was sent, a row each. */
function FieldsBlock({ title, fields, activity }: FieldsBlockProps) {
  const times = useTimes();
  const known = fields.flatMap((field) => {
    const text = fieldText(field, activity, times);
    return text === null ? [] : [{ field, text }];
  });
  if (known.length === 0) return null;
  return (
    <Block title={title}>
      <dl className="grid border-t border-line @2xl:grid-cols-2 @2xl:gap-x-6">
        {known.map(({ field, text }) => (
          <FieldRow key={field.key} field={field} text={text} />
        ))}
      </dl>
    </Block>
  );
}

function FieldRow({ field, text }: { field: Field; text: string }) {
  const filter = filterFor(field.key);
  const label = t(field.label);
  // What is in a fixed width is the key itself.
  const title = filter && !field.mono ? titleOf(filter, text) : undefined;
  const shown = field.text ? text : <SenderText text={title ?? text} lines={field.lines ?? false} />;
  return (
    <div className="group flex min-h-7 items-start gap-3 border-b border-line py-0.5">
      <dt className="w-28 shrink-0 py-0.5 text-xs text-faint">{label}</dt>
      <dd className="flex min-w-0 flex-1 items-start justify-between gap-2">
        <span
          className={`min-w-0 py-0.5 text-xs break-words text-ink ${field.lines ? "whitespace-pre-wrap" : ""} ${field.mono ? "font-mono break-all" : ""}`}
        >
          {filter ? (
            <Value field={filter} value={text}>
              {shown}
            </Value>
          ) : (
            shown
          )}
        </span>
        <span className="flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-md:opacity-100">
          {filter && <ValueButton field={filter} value={text} />}
          <CopyButton text={text} label={t("Copy {what}", { what: inSentence(label) })} />
        </span>
      </dd>
    </div>
  );
}
