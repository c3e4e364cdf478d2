import { type SentencePart, targetOf } from "@livetrail/sdk/display/sentence";
import type { Activity } from "../api/types";
import type { FieldKey } from "../filters/fields";
import { partsOf } from "../texts/actions";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { Value } from "../values/value";
import { userName } from "./user-name";

/** The sentence, with its names in sight. It reads from the left, also where the first name does not. */
export function SentenceText({ activity }: { activity: Activity }) {
  const parts = partsOf(activity);
  const hasUser = parts.some(({ role }) => role === "user");
  return (
    <bdi dir="ltr">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change
        <Part key={index} part={part} activity={activity}>
          {part.role === "user" && activity.is_admin && <AdminMark />}
        </Part>
      ))}
      {!hasUser && activity.is_admin && <AdminMark />}
    </bdi>
  );
}

const LOOKS = {
  user: "font-semibold text-ink",
  target: "text-ink underline decoration-faint decoration-dotted underline-offset-[3px]",
} as const;

interface PartProps {
  part: SentencePart;
  activity: Activity;
  children: React.ReactNode;
}

function Part({ part: { role, text }, activity, children }: PartProps) {
  if (role === "words") return <Words text={text} className={activity.success ? "text-muted" : "text-ink"} />;
  // The name itself, whose invisible characters are drawn as tokens, where the sentence has them in words.
  const name = role === "user" ? userName(activity) : (targetOf(activity) ?? text);
  return (
    <>
      <span className={LOOKS[role]}>
        <Value {...namedBy(role, activity)}>
          <SenderText text={name} />
        </Value>
      </span>
      {children}
    </>
  );
}

/** The filter that takes the user or the target of a sentence, and the id that it takes. */
function namedBy(role: "user" | "target", activity: Activity): { field: FieldKey; value: string } {
  if (role === "user") return { field: "user_id", value: activity.user_id };
  const field = activity.target_user_id ? "target_user_id" : "resource_id";
  return { field, value: targetOf(activity) ?? "" };
}

/** The spaces around words part them from the names, so they are not drawn as spaces of a name would be. */
function Words({ text, className }: { text: string; className: string }) {
  const words = text.trim();
  const begin = text.indexOf(words);
  return (
    <span className={className}>
      {text.slice(0, begin)}
      {words && <SenderText text={words} sentence />}
      {text.slice(begin + words.length)}
    </span>
  );
}

function AdminMark() {
  return (
    <sup title={t("Admin|user")} className="ml-px text-[0.625rem] font-semibold text-accent">
      <span aria-hidden>A</span>
      <span className="sr-only"> {t("(admin)")}</span>
    </sup>
  );
}
