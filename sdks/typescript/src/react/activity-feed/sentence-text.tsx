import type { StoredActivity } from "../../activity.js";
import { type SentencePart, sentenceParts, targetOf } from "../../display/sentence.js";
import { userName } from "../../display/user-name.js";
import { SenderText } from "./sender-text.js";
import { useWords } from "./words.js";

/** Who did what, with the names in sight. */
export function SentenceText({ activity }: { activity: StoredActivity }) {
  const { labels } = useWords();
  const parts = sentenceParts({ ...activity, description: labels.sentence(activity) });
  return (
    <bdi dir="ltr">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change
        <Part key={index} part={part} activity={activity} />
      ))}
      {activity.is_admin && !parts.some(({ role }) => role === "user") && <AdminMark />}
    </bdi>
  );
}

function Part({ part: { role, text }, activity }: { part: SentencePart; activity: StoredActivity }) {
  if (role === "words") return <Words text={text} />;
  // The name itself, whose invisible characters are drawn as tokens, where the sentence has them in words.
  const name = role === "user" ? userName(activity) : (targetOf(activity) ?? text);
  return (
    <>
      <span className={`livetrail-${role}`}>
        <SenderText text={name} />
      </span>
      {role === "user" && activity.is_admin && <AdminMark />}
    </>
  );
}

function AdminMark() {
  const { labels } = useWords();
  return <span className="livetrail-admin"> {labels.admin}</span>;
}

/** The spaces around words part them from the names, so they are not drawn as spaces of a name would be. */
function Words({ text }: { text: string }) {
  const words = text.trim();
  const begin = text.indexOf(words);
  return (
    <>
      {text.slice(0, begin)}
      {words && <SenderText text={words} sentence />}
      {text.slice(begin + words.length)}
    </>
  );
}
