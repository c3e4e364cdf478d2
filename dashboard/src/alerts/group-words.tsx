import type { Alert } from "../api/types";
import { known } from "../texts/known";
import { type Text, t } from "../texts/texts";
import { inWords } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";

/** What stands before a value, in the order in which they are said; null where the value says enough by itself. */
const WORDS: Readonly<Record<string, Text | null>> = {
  user_id: "user",
  target_user_id: "target user",
  ip_address: null,
  network: "network",
  endpoint: null,
  action_type: "action",
  http_method: null,
  status_code: "status",
  device: null,
  delegate_id: "delegate",
  session_id: "session",
  target_resource_id: "resource",
};

/** The same fields as labels of a list. */
const LABELS: Readonly<Record<string, Text>> = {
  user_id: "User id",
  target_user_id: "Target user id",
  ip_address: "Ip address",
  network: "Network",
  endpoint: "Endpoint",
  action_type: "Action type",
  http_method: "Http method",
  status_code: "Status code",
  device: "Device",
  delegate_id: "Delegate id",
  session_id: "Session id",
  target_resource_id: "Target resource id",
};

export const fieldLabel = (field: string): string =>
  Object.hasOwn(LABELS, field) ? known(LABELS, field) : inWords(field);

function wordOf(field: string): string | null {
  if (!Object.hasOwn(WORDS, field)) return inWords(field).toLowerCase();
  const word = WORDS[field];
  return word ? t(word) : null;
}

interface Part {
  field: string;
  word: string | null;
  value: string;
}

function partsOf(group: Alert["group"], tenant: string | null): Part[] {
  const fields = inOrder(Object.entries(group)).map(([field, value]) => ({
    field,
    word: wordOf(field),
    value,
  }));
  return tenant === null ? fields : [...fields, { field: "tenant_id", word: t("tenant"), value: tenant }];
}

const ORDER = Object.keys(WORDS);
const placeOf = (field: string): number => ORDER.indexOf(field) >>> 0;
const inOrder = (fields: [string, string][]) => fields.sort(([a], [b]) => placeOf(a) - placeOf(b));

const NO_NAMES: ReadonlyMap<string, string> = new Map();
const NOTHING: Text = "the whole log";

interface GroupWordsProps {
  group: Alert["group"];
  tenant: string | null;
  /** Names that are known of the values, by the name of the field. */
  names?: ReadonlyMap<string, string>;
}

/** What the activities of an alert have in common: "user ada, 203.0.113.7". */
export function GroupWords({ group, tenant, names = NO_NAMES }: GroupWordsProps) {
  const parts = partsOf(group, tenant);
  if (parts.length === 0) return <span className="text-faint">{t(NOTHING)}</span>;
  return parts.map(({ field, word, value }, index) => (
    <span key={field}>
      {index > 0 && ", "}
      {word && (
        <span className="text-faint">
          <SenderText text={word} />{" "}
        </span>
      )}
      {names.has(field) ? (
        <>
          <SenderText text={names.get(field) ?? ""} />{" "}
          <span className="text-faint">
            (<SenderText text={value} />)
          </span>
        </>
      ) : (
        <SenderText text={value} />
      )}
    </span>
  ));
}

/** The same as plain text. */
export const groupText = (group: Alert["group"], tenant: string | null): string =>
  partsOf(group, tenant)
    .map(({ word, value }) => visibleText([word, value].filter(Boolean).join(" ")))
    .join(", ") || t(NOTHING);
