import { readJson } from "../api/json";

/** Why a text is not the details of an activity, in words; null where it is. */
export function whyNotDetails(text: string): string | null {
  try {
    const value = readJson(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? null : 'Details are a JSON object, such as {"order": 17}.';
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
