import type { StoredActivity } from "../../activity.js";
import { targetOf } from "../../display/sentence.js";
import { userName } from "../../display/user-name.js";
import { ChangeList } from "./change-list.js";
import type { ActivityFeedLabels } from "./labels.js";
import { SenderText } from "./sender-text.js";
import { ValueTree } from "./value-tree.js";
import { useWords, type Words } from "./words.js";

/** All that a reader may want to know about an activity. */
export function Details({ activity }: { activity: StoredActivity }) {
  const words = useWords();
  const { labels } = words;
  const { error_message, changes, details } = activity;
  return (
    <>
      {error_message && (
        <p className="livetrail-details-error">
          <SenderText text={error_message} lines />
        </p>
      )}
      <dl className="livetrail-facts">
        {factsOf(activity, words).map(([label, text]) => (
          <div key={label}>
            <dt>{labels[label]}</dt>
            <dd>
              <SenderText text={text} />
            </dd>
          </div>
        ))}
      </dl>
      {changes && Object.keys(changes).length > 0 && (
        <>
          <p className="livetrail-details-title">{labels.changes}</p>
          <ChangeList changes={changes} />
        </>
      )}
      {details && Object.keys(details).length > 0 && (
        <>
          <p className="livetrail-details-title">{labels.details}</p>
          <ValueTree value={details} label={labels.details} />
        </>
      )}
    </>
  );
}

type TextLabel = {
  [K in keyof ActivityFeedLabels]: ActivityFeedLabels[K] extends string ? K : never;
}[keyof ActivityFeedLabels];

/** What is known, each with its label. */
function factsOf(activity: StoredActivity, { labels, exactTime }: Words): [TextLabel, string][] {
  const { device, status_code, duration_ms } = activity;
  const facts: [TextLabel, string | null | undefined][] = [
    ["time", exactTime(activity.occurred_at)],
    ["user", userName(activity)],
    ["email", activity.user_email],
    ["userId", activity.user_id],
    ["delegate", labels.delegateName(activity)],
    ["via", activity.via],
    ["actionType", labels.actionName(activity.action_type)],
    ["target", targetOf(activity)],
    ["resourceType", activity.resource_type],
    ["result", activity.success ? labels.success : labels.failure],
    ["statusCode", status_code === null ? null : String(status_code)],
    ["errorType", activity.error_type],
    ["durationName", duration_ms === null ? null : labels.duration(duration_ms)],
    ["address", activity.ip_address],
    ["device", deviceText(device)],
    ["requestId", activity.request_id],
    ["activityId", activity.id],
  ];
  return facts.filter((fact): fact is [TextLabel, string] => Boolean(fact[1]) && !isRepeated(fact, activity));
}

/** The name of a user without a name is its e-mail or id, which stands above already. */
function isRepeated(
  [label, text]: [TextLabel, string | null | undefined],
  activity: StoredActivity,
): boolean {
  return (label === "email" || label === "userId") && text === userName(activity);
}

/** "Firefox 141, Linux" */
function deviceText(device: StoredActivity["device"]): string | null {
  const names = ["browser", "os"].map((name) => device?.[name]).filter((name) => typeof name === "string");
  return names.length > 0 ? names.join(", ") : null;
}
