import { readJson } from "../api/json";
import { t } from "../texts/texts";

/** Why a text is not the details of an activity, in words; null where it is. */
export function whyNotDetails(text: string): string | null {
  try {
    const value = readJson(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? null : t("Details are a JSON object, such as {example}.", { example: '{"order": 17}' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return t("This is not JSON: {reason}", { reason });
  }
}
